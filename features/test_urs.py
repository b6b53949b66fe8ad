"""Binds every scenario of every feature file, and the steps that they are told in."""

from pytest_bdd import scenarios

from features.steps.audit import *
from features.steps.cancelled_picks import *
from features.steps.dead_letters import *
from features.steps.delivery import *
from features.steps.lot_status import *
from features.steps.material import *
from features.steps.messages import *
from features.steps.order import *
from features.steps.picks import *
from features.steps.refusals import *

scenarios(".")
