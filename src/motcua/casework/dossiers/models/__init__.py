"""The tables of the room, by topic; imported from here."""

from motcua.casework.dossiers.bases import Origin as Origin
from motcua.casework.dossiers.models.books import HandOver as HandOver
from motcua.casework.dossiers.models.books import HandOverLine as HandOverLine
from motcua.casework.dossiers.models.books import RegisterExport as RegisterExport
from motcua.casework.dossiers.models.deadlines import DeadlineWarning as DeadlineWarning
from motcua.casework.dossiers.models.deadlines import Recomputation as Recomputation
from motcua.casework.dossiers.models.deadlines import RecomputedDossier as RecomputedDossier
from motcua.casework.dossiers.models.dossier import Component as Component
from motcua.casework.dossiers.models.dossier import Dossier as Dossier
from motcua.casework.dossiers.models.dossier import Draft as Draft
from motcua.casework.dossiers.models.dossier import DraftPaper as DraftPaper
from motcua.casework.dossiers.models.dossier import OfficialDocument as OfficialDocument
from motcua.casework.dossiers.models.dossier import Opinion as Opinion
from motcua.casework.dossiers.models.dossier import ReturnWay as ReturnWay
from motcua.casework.dossiers.models.filing import BulkFiling as BulkFiling
from motcua.casework.dossiers.models.filing import BulkItem as BulkItem
from motcua.casework.dossiers.models.filing import ClientFiling as ClientFiling
from motcua.casework.dossiers.models.filing import Upload as Upload
from motcua.casework.dossiers.models.law import Ending as Ending
from motcua.casework.dossiers.models.law import PaymentRequest as PaymentRequest
from motcua.casework.dossiers.models.law import Transfer as Transfer
from motcua.casework.dossiers.models.signing import SigningBatch as SigningBatch
from motcua.casework.dossiers.models.signing import SigningItem as SigningItem
from motcua.casework.dossiers.models.supplement import SupplementPaper as SupplementPaper
from motcua.casework.dossiers.models.supplement import SupplementRequest as SupplementRequest
