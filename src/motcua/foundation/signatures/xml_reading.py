"""Reading XML that may be hostile: no DTD, no entities, no network; limits of size, depth and number of elements."""

from __future__ import annotations

from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml import sax as defused
from lxml import etree

MAX_BYTES = 50 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 200_000
# On one element; namespaces in force at one place.
MAX_ATTRIBUTES = 256
MAX_NAMESPACES = 50


class UnsoundXml(ValueError):
    """No XML, or more than is read: a DTD, too deep, too many elements."""


def read_xml(xml: bytes) -> etree._ElementTree:
    """The document. Raises UnsoundXml.

    Read twice: first by a parser that builds nothing, so that the second, which must read long texts (a packet's
    attachments), meets only a document without a DTD and within the limits.
    """
    if len(xml) > MAX_BYTES:
        raise UnsoundXml
    try:
        defused.parseString(xml, _Limits(), forbid_dtd=True)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        tree = etree.fromstring(xml, parser).getroottree()
    except (SAXException, DefusedXmlException, etree.LxmlError, ValueError, LookupError) as error:
        raise UnsoundXml from error
    # The two parsers should not have read two documents.
    if tree.docinfo.internalDTD is not None or tree.docinfo.externalDTD is not None:
        raise UnsoundXml
    return tree


class _Limits(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self._elements = 0
        # For each open element, how many namespaces are declared on it and around it.
        self._open = [0]

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        names = attrs.getNames()
        self._elements += 1
        self._open.append(self._open[-1] + sum(one.startswith("xmlns") for one in names))
        # Making a document canonical takes as many steps as it has elements, times the square of namespaces.
        if self._open[-1] > MAX_NAMESPACES or len(names) > MAX_ATTRIBUTES:
            raise UnsoundXml
        if len(self._open) > MAX_DEPTH + 1 or self._elements > MAX_ELEMENTS:
            raise UnsoundXml

    def endElement(self, name: str) -> None:
        self._open.pop()
