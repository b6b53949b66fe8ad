"""Binds every scenario of every feature file, and the steps that they are told in."""

from pytest_bdd import scenarios

from features.steps.audit import *
from features.steps.dispensing import *
from features.steps.issues import *
from features.steps.lot_status import *
from features.steps.material import *
from features.steps.messages import *
from features.steps.picks import *
from features.steps.production import *
from features.steps.refusals import *

scenarios(".")
