"""An XML file as a tree that knows its lines. Read through defusedxml: no entities, no DTD, nothing fetched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from motcua.casework.process.rules.bpmn.names import MODEL, OWN
from motcua.casework.process.rules.findings import BadProcess, Finding

MOST_BYTES = 2_000_000
MOST_DEPTH = 50


@dataclass(slots=True)
class Element:
    """`tag`: namespace and name. `attributes`: those without a namespace, and ours as "motcua:NAME"."""

    space: str
    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def place(self) -> str:
        """What and where, for a finding: element, id, name, line."""
        name = self.attributes.get("name", "")
        words = [self.tag, self.id, f'"{" ".join(name.split())}"' if name else "", f"line {self.line}"]
        return " ".join(word for word in words if word)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, tag: str) -> Iterator[Element]:
        """Children of BPMN with this tag."""
        return (it for it in self.children if it.tag == tag and it.space == MODEL)

    def own(self, tag: str) -> Iterator[Element]:
        """Our extension elements with this tag."""
        for extensions in self.all("extensionElements"):
            yield from (it for it in extensions.children if it.tag == tag and it.space == OWN)


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.root: Element | None = None
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self.locator = locator

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        attributes = {}
        for (space, tag), value in attrs.items():
            if not space or space == OWN:
                attributes[f"motcua:{tag}" if space else tag] = value
        line = self.locator.getLineNumber() or 0 if self.locator else 0
        element = Element(name[0] or "", name[1], line, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)
        if len(self.open) > MOST_DEPTH:
            raise SAXException("elements are nested too deep")

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self.open.pop()

    def characters(self, content: str) -> None:
        if self.open:
            self.open[-1].text += content


def read_xml(content: bytes) -> Element:
    """The root element. content: at most MOST_BYTES. Raises BadProcess with the line."""
    if len(content) > MOST_BYTES:
        raise BadProcess([Finding("", f"the file is larger than {MOST_BYTES} bytes")])
    builder, parser = _Builder(), make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(builder)
    source = InputSource()
    source.setByteStream(io.BytesIO(content))
    try:
        parser.parse(source)
    except DefusedXmlException as error:
        raise BadProcess([Finding("", f"DTDs and entities are not read: {type(error).__name__}")]) from None
    except (SAXException, ValueError) as error:
        raise BadProcess([Finding("", f"is no XML that can be read: {error}")]) from None
    if builder.root is None:
        raise BadProcess([Finding("", "is empty")])
    return builder.root
