"""Binds every scenario of every feature file, and the steps that they are told in."""

from pytest_bdd import scenarios

from features.steps.access import *
from features.steps.adjustments import *
from features.steps.audit import *
from features.steps.cancelled_picks import *
from features.steps.counts import *
from features.steps.custody import *
from features.steps.dead_letters import *
from features.steps.deliveries import *
from features.steps.delivery import *
from features.steps.devices import *
from features.steps.dispensing import *
from features.steps.expiry import *
from features.steps.holds import *
from features.steps.idempotency import *
from features.steps.inputs import *
from features.steps.issues import *
from features.steps.journal import *
from features.steps.keyed import *
from features.steps.kits import *
from features.steps.label_balance import *
from features.steps.label_scans import *
from features.steps.labels import *
from features.steps.lot_status import *
from features.steps.master_data import *
from features.steps.material import *
from features.steps.messages import *
from features.steps.order import *
from features.steps.packing import *
from features.steps.picks import *
from features.steps.production import *
from features.steps.putaway import *
from features.steps.receipts import *
from features.steps.received import *
from features.steps.reconciliation import *
from features.steps.refusals import *
from features.steps.samples import *
from features.steps.scan_results import *
from features.steps.scanning import *
from features.steps.segregation import *
from features.steps.shipping import *
from features.steps.signatures import *
from features.steps.switching_off import *
from features.steps.time import *

scenarios(".")
