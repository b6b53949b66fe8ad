"""Binds every scenario of every feature file, and the steps that they are told in."""

from pytest_bdd import scenarios

from features.steps.adjustments import *
from features.steps.audit import *
from features.steps.counts import *
from features.steps.expiry import *
from features.steps.lot_status import *
from features.steps.master_data import *
from features.steps.material import *
from features.steps.messages import *
from features.steps.picks import *
from features.steps.reconciliation import *
from features.steps.refusals import *
from features.steps.samples import *

scenarios(".")
