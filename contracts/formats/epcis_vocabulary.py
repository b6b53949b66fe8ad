"""The words of EPCIS 2.0 and CBV 2.0: event types with their members, and the closed word lists.

A word of the Core Business Vocabulary has three spellings: bare (``receiving``, in JSON), a web URI
(``https://ref.gs1.org/cbv/BizStep-receiving``) and the older URN
(``urn:epcglobal:cbv:bizstep:receiving``, in XML).
Source: EPCIS 2.0, 7.3 and 7.4 (event types); CBV 2.0, 7 (vocabularies); GS1 Web Vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

CBV = "https://ref.gs1.org/cbv/"
GS1 = "https://gs1.org/voc/"


@dataclass(frozen=True)
class Vocabulary:
    """A closed list of words with the beginnings of their web URI and URN."""

    name: str
    words: frozenset[str]
    web: str
    urn: str | None = None

    def bare(self, value: str) -> str:
        """The bare word where ``value`` is its URN, or its URI shortened by ``cbv:`` or ``gs1:``.

        A full web URI and anything else stay as they are.
        """
        for start in (self.urn, self._short):
            if start and value.startswith(start):
                return value.removeprefix(start)
        return value

    def word(self, value: str) -> str:
        """The bare word in whichever of the spellings ``value`` stands."""
        return self.bare(value).removeprefix(self.web)

    def uri(self, value: str) -> str:
        """The web URI of a bare word or URN; a value that is neither stays as it is."""
        if value in self.words:
            return self.web + value
        if self.urn and value.startswith(self.urn):
            return self.web + value.removeprefix(self.urn)
        return value

    @property
    def _short(self) -> str:
        return self.web.replace(CBV, "cbv:").replace(GS1, "gs1:")


def _cbv(name: str, web: str, urn: str | None, words: str) -> Vocabulary:
    start = f"urn:epcglobal:cbv:{urn}:" if urn else None
    return Vocabulary(name, frozenset(words.split()), CBV + web, start)


BIZ_STEP = _cbv("business step", "BizStep-", "bizstep", """
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting
    shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping""")
DISPOSITION = _cbv("disposition", "Disp-", "disp", """
    active available completeness_inferred completeness_verified conformant container_closed
    container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match
    non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned
    sellable_accessible sellable_not_accessible stolen unavailable unknown""")
BIZ_TRANSACTION_TYPE = _cbv("business transaction type", "BTT-", "btt", """
    bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt""")
SOURCE_DESTINATION_TYPE = _cbv(
    "source or destination type", "SDT-", "sdt", "location owning_party possessing_party"
)
ERROR_REASON = _cbv("error reason", "ER-", "er", "did_not_occur incorrect_data")
COMPONENT = _cbv("component", "Comp-", None, """
    altitude axial_distance azimuth easting elevation_angle height latitude longitude northing
    polar_angle spherical_radius x y z""")
ALERT = Vocabulary("sensor alert", frozenset(("ALARM_CONDITION", "ERROR_CONDITION")), GS1)
_MEASUREMENTS = """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area
    Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent
    DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity
    ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance
    KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux
    MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate
    MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure
    RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle
    SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume
    VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber"""
MEASUREMENT = Vocabulary("measurement type", frozenset(_MEASUREMENTS.split()), GS1)

ACTIONS = ("ADD", "OBSERVE", "DELETE")

# Members in the order of the XML schema. JSON has no order.
HEAD = (
    "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration",
    "certificationInfo",
)
_WHY = ("bizStep", "disposition", "readPoint", "bizLocation")
_PARTIES = ("sourceList", "destinationList")
_HOW = ("sensorElementList", "persistentDisposition")
EVENT_TYPES: dict[str, tuple[str, ...]] = {
    "ObjectEvent": (
        *HEAD, "epcList", "action", *_WHY, "bizTransactionList", "quantityList", *_PARTIES,
        *_HOW, "ilmd",
    ),
    "AggregationEvent": (
        *HEAD, "parentID", "childEPCs", "action", *_WHY, "bizTransactionList",
        "childQuantityList", *_PARTIES, *_HOW,
    ),
    "TransactionEvent": (
        *HEAD, "bizTransactionList", "parentID", "epcList", "action", *_WHY, "quantityList",
        *_PARTIES, *_HOW,
    ),
    "TransformationEvent": (
        *HEAD, "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList",
        "transformationID", *_WHY, "bizTransactionList", *_PARTIES, "ilmd", *_HOW,
    ),
    "AssociationEvent": (
        *HEAD, "parentID", "childEPCs", "childQuantityList", "action", *_WHY,
        "bizTransactionList", *_PARTIES, *_HOW,
    ),
}

EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
PAIR_LISTS = {
    "bizTransactionList": "bizTransaction",
    "sourceList": "source",
    "destinationList": "destination",
}
PAIR_TYPES = {
    "bizTransactionList": BIZ_TRANSACTION_TYPE,
    "sourceList": SOURCE_DESTINATION_TYPE,
    "destinationList": SOURCE_DESTINATION_TYPE,
}
TIMES = frozenset(
    ("eventTime", "recordTime", "declarationTime", "time", "startTime", "endTime")
)
METADATA = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData",
    "dataProcessingMethod", "bizRules",
)
# Elements of XML whose children have an order of their own.
INNER = {
    "quantityElement": ("epcClass", "quantity", "uom"),
    "sensorElement": ("sensorMetadata", "sensorReport"),
    "errorDeclaration": ("declarationTime", "reason", "correctiveEventIDs"),
}
NUMBERS = frozenset((
    "quantity", "value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue",
))
REPORT = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod",
    "bizRules", "time", "microorganism", "chemicalSubstance", "value", "component", "stringValue",
    "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev",
    "percRank", "percValue", "uom", "coordinateReferenceSystem",
)
