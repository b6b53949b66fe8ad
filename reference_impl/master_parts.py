"""What each role does with masters: MES owns and publishes them, the warehouse compares and adopts.
"""

from __future__ import annotations

from reference_impl import master_data
from reference_impl.mes import master_data as mes
from reference_impl.system import Part
from reference_impl.wms import master_data as wms


def masters_of_mes() -> Part:
    """MES publishes its records, and compares what the warehouse answers."""
    return Part(
        messages={"master-data-published": master_data.master_data_published},
        commands={
            "publish-master-data": mes.publish_master_data,
            "publish-master-record": mes.publish_master_record,
        },
        shows={"master-data": master_data.show_master_data},
    )


def masters_of_warehouse() -> Part:
    """The warehouse compares what MES publishes, answers with its own, and can take MES's over."""
    return Part(
        messages={"master-data-published": wms.material_published},
        commands={"adopt-master-data": wms.adopt_master_data},
        shows={"master-data": master_data.show_master_data},
    )
