"""The step contract: a step is a command that declares itself once.

`Step` is the declaration, `Port` and `DocumentPort` its inputs and outputs, `Params` its scalars,
`Engine` one way to do a job of it. `Context` is what its work receives, `Document` what it writes;
`steps.contract.errors` is the error tree. `steps.contract.command.main` is the door that runs one.
"""

from steps.contract.context import Context
from steps.contract.document import Document, Value
from steps.contract.engines import AUTO, Engine, Engines, Needs, Resources, Unusable
from steps.contract.params import FileParam, Params, param
from steps.contract.ports import DocumentPort, Port
from steps.contract.step import Step
from steps.contract.weights import Weights, WeightsFile

__all__ = [
    "AUTO",
    "Context",
    "Document",
    "DocumentPort",
    "Engine",
    "Engines",
    "FileParam",
    "Needs",
    "Params",
    "Port",
    "Resources",
    "Step",
    "Unusable",
    "Value",
    "Weights",
    "WeightsFile",
    "param",
]
