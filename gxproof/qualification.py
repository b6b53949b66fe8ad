"""One qualification run, from the plan to the sealed bundle: record first, judge, print last."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from contracts.model.inspection import Configuration
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import State, Verdict, verdict_of
from contracts.record.baselines import baseline_digest, why_informal
from contracts.record.digests import file_digest, sha256
from contracts.record.folder import RunFolder, model_bytes
from contracts.record.runs import (
    EPHEMERAL_KEY,
    Plan,
    Planned,
    Result,
    RunHeader,
    complete,
)
from contracts.wire.system import SystemUnderTest
from features.plugin import open_target
from gxproof import dossier, execution, printing
from gxproof.ahead import Ahead, started_ahead
from gxproof.deviations import Admitted, admit, judged, keep, open_all
from gxproof.dossier import EMPTY, NO_PAPERS, Dossier, Papers
from gxproof.ending import obey, ordered
from gxproof.installed import installed_packages
from gxproof.keys import Signer
from gxproof.no_secrets import check_no_secrets
from gxproof.observing import keep_observed, observed_items
from gxproof.planning import EVERYTHING, Scope, challenges_of, make_plan, offers_of
from gxproof.preflight import check_ready, describe
from gxproof.run_log import RunLog
from gxproof.side_by_side import Worker
from reports.dsse import key_id
from reports.inventory import PROTOCOLS, RESULTS, names_of_documents
from reports.sealing import seal_bundle, seal_results, withdraw
from simulator.counterpart import new_message_id
from simulator.plant import read_plant
from simulator.plant_model import Plant
from simulator.schedule import expand, schedule_bytes

BLOCKING = {
    Verdict.ERROR: "{} ended with ERROR, which is the harness's own failure",
    Verdict.FAILED: "{} failed and has no approved deviation",
}


@dataclass(frozen=True)
class Wanted:
    """What a person asked for. ``runs`` holds the log and, without ``out``, the run's folder."""

    target: str
    plant: Path
    seed: int
    signer: Signer
    runs: Path
    command: str
    out: Path | None = None
    deviations: tuple[Path, ...] = ()
    """Signed deviations, and below the public keys of the people who may have signed them."""
    approvers: tuple[Path, ...] = ()
    scope: Scope = EVERYTHING
    papers: Papers = NO_PAPERS
    """What the site hands in: an approved baseline, known vulnerabilities, suppliers."""


@dataclass
class Progress:
    """Who is told how far a run is. The default tells nobody."""

    begin: Callable[[Protocol, int], None] = lambda protocol, checks: None
    step: Callable[[str], None] = lambda what: None
    verdict: Callable[[Protocol, Verdict, list[Result]], None] = lambda p, v, results: None
    document: Callable[[str], None] = lambda name: None


@dataclass
class Finished:
    """A run that came to its end."""

    folder: Path
    number: int
    verdicts: dict[Protocol, Verdict]
    documents: list[Path]
    bundle: Path


@dataclass
class Qualification:
    """A run in progress."""

    wanted: Wanted
    progress: Progress = field(default_factory=Progress)
    ahead: Ahead | None = None
    """The processes of the run where they are up already; whoever started them ends them."""
    given: tuple[Admitted, ...] = ()
    dossier: Dossier = EMPTY
    read_back: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each document that was printed and held against what it shows, by name."""
    execute: Mapping[Protocol, Callable[[execution.Job], list[Result]]] = field(
        default_factory=lambda: execution.EXECUTE
    )

    def run(self) -> Finished:
        """Do everything. Raises: TargetNotReady, PlantError, HarnessFailed, DeviationRefused,
        ApprovalRefused, OSError; on any exception the folder stays marked ABORTED and the log says
        so."""
        plant = expand(read_plant(self.wanted.plant), self.wanted.seed)
        self.given = open_all(self.wanted.deviations, self.wanted.approvers)
        self.dossier = dossier.open_papers(self.wanted.papers)
        sut = open_target(self.wanted.target, self.wanted.seed)
        try:
            check_ready(sut)
            plan = make_plan(
                sut.mode, plant, self.wanted.scope, sut.engine, offers_of(sut.network),
                self.wanted.papers.given,
            )
            begun = self._admitted(sut, plan)
            with self._logged() as (number, run_id, folder):
                header = begun.model_copy(update={"number": number, "run_id": run_id})
                return self._run(sut, plan, plant, (header, folder))
        finally:
            sut.close()

    def _admitted(self, sut: SystemUnderTest, plan: Plan) -> RunHeader:
        """The header but for the number, which a run takes once every paper stands for it.

        Raises: DeviationRefused, ApprovalRefused.
        """
        header = RunHeader(
            run_id="", number=0, command=self.wanted.command,
            started_at=datetime.now(UTC), environment=describe(sut), seed=self.wanted.seed,
            plan_sha256=sha256(model_bytes(plan)),
            signer=key_id(self.wanted.signer.key.public_key()),
            ephemeral_key=self.wanted.signer.ephemeral, informal=(),
        )
        admit(self.given, plan, header, RunLog(self.wanted.runs))
        dossier.admit(self.dossier, header)
        return header

    def _run(
        self, sut: SystemUnderTest, plan: Plan, plant: Plant, begun: tuple[RunHeader, RunFolder]
    ) -> Finished:
        header, folder = self._open(sut, plan, plant, begun), begun[1]
        job = execution.Job(
            sut=sut, plant=plant, seed=self.wanted.seed, target=self.wanted.target,
            folder=folder, prefix=f"R{header.run_id.replace('-', '')[-8:].upper()}",
            step=self._step,
            requirements=plan.requirements,
            scope=tuple(item.id for part in plan.protocols for item in part.scope),
            defects=challenges_of((r.id for r in plan.requirements), self.wanted.scope),
            renewed=self._renewed if sut.mode == "in process" else None,
            given=self.wanted.papers.given, dossier=self.dossier,
        )
        planned = [part.protocol for part in plan.protocols]
        with self._processes() as processes:
            job.worker = processes.floor
            papers = printing.protocols(processes.press, folder.path, planned)
            verdicts = self.protocols(job, plan, papers)
            header = header.model_copy(
                update={
                    "finished_at": datetime.now(UTC), "verdicts": verdicts,
                    "history_sha256": job.history_sha256,
                }
            )
            folder.write_model("run.json", header)
            check_no_secrets(folder.path, sut.people)
            return self._publish(folder, header, processes.press, names_of_documents(planned))

    def _processes(self) -> AbstractContextManager[Ahead]:
        seed = self.wanted.seed if self.wanted.scope.contract else None
        return nullcontext(self.ahead) if self.ahead else started_ahead(seed)

    def _renewed(self) -> SystemUnderTest:
        return open_target(self.wanted.target, self.wanted.seed)

    def _step(self, what: str) -> None:
        obey()
        self.progress.step(what)

    def _document(self, name: str) -> None:
        obey()
        self.progress.document(name)

    def protocols(
        self, job: execution.Job, plan: Plan, papers: Iterator[tuple[Protocol, str]]
    ) -> dict[Protocol, Verdict]:
        """Execute one after the other; none starts behind one that is failed or in error.

        None starts before it stands on paper either: ``papers`` tells of each that is printed.
        """
        verdicts: dict[Protocol, Verdict] = {}
        blocked_by = ""
        for protocol in Protocol:
            while PROTOCOLS[protocol] not in self.read_back:
                printed, digest = next(papers)
                self.read_back[PROTOCOLS[printed]] = digest
                self._document(PROTOCOLS[printed])
            verdicts[protocol] = self._protocol(job, plan, protocol, blocked_by)
            if not blocked_by and verdicts[protocol] in BLOCKING:
                blocked_by = BLOCKING[verdicts[protocol]].format(protocol)
        return verdicts

    def _open(
        self, sut: SystemUnderTest, plan: Plan, plant: Plant, begun: tuple[RunHeader, RunFolder]
    ) -> RunHeader:
        header, folder = begun
        folder.write_model("plan.json", plan)
        folder.write("records/schedule.json", schedule_bytes(plant))
        items = observed_items(sut)
        folder.write_configuration(
            {**self._configuration(sut), "baselineSha256": baseline_digest(items)}
        )
        header = header.model_copy(update={"informal": tuple(self._informal(items))})
        keep(self.given, folder)
        dossier.keep(self.dossier, folder)
        keep_observed(folder, items, plan, header.started_at)
        folder.write_model("run.json", header)
        return header

    def _protocol(
        self, job: execution.Job, plan: Plan, protocol: Protocol, blocked_by: str
    ) -> Verdict:
        scope = plan.protocol(protocol).scope
        self.progress.begin(protocol, len(scope))
        if blocked_by:
            results = list(_not_started(protocol, scope, blocked_by))
        else:
            results = [judged(item, self.given) for item in self.execute[protocol](job)]
        job.folder.append_results(protocol, results)
        completed = complete(plan.protocol(protocol), results)
        verdict = verdict_of(result.state for result in completed)
        self.progress.verdict(protocol, verdict, list(completed))
        return verdict

    def _publish(
        self, folder: RunFolder, header: RunHeader, press: Worker, names: tuple[str, ...]
    ) -> Finished:
        key = self.wanted.signer.key
        sealed = seal_results(folder.path, key)
        for name, digest in printing.documents(press, folder.path, names):
            self.read_back[name] = digest
            self._document(name)
        documents = [folder.path / name for name in self.read_back]
        bundle = seal_bundle(folder.path, key, {**self.read_back, RESULTS: sealed})
        folder.finish()
        return Finished(folder.path, header.number, header.verdicts, documents, bundle)

    def _configuration(self, sut: SystemUnderTest) -> dict[str, object]:
        shown = {
            role.value: sut.client(role).ask("configuration", Configuration).to_json()
            for role in Role
        }
        return {
            "systems": shown,
            "packages": installed_packages(),
            "plant": {"file": self.wanted.plant.name, "sha256": file_digest(self.wanted.plant)},
            "seed": self.wanted.seed,
            "target": sut.name,
            "mode": sut.mode,
        }

    def _informal(self, items: dict[str, str]) -> Iterator[str]:
        yield from why_informal(self.dossier.baseline, items)
        if self.wanted.signer.ephemeral:
            yield EPHEMERAL_KEY

    @contextmanager
    def _logged(self) -> Iterator[tuple[int, str, RunFolder]]:
        """Number the run, make its folder, and enter how it ended, whatever happens."""
        started = datetime.now(UTC)
        run_id = str(new_message_id(started))
        log = RunLog(self.wanted.runs)
        number = log.begin(run_id, started)
        name = f"{number:04d}-{started:%Y%m%dT%H%M%SZ}"
        path = self.wanted.out or self.wanted.runs / name
        try:
            folder = RunFolder.create(path)
            _point_latest(self.wanted.runs, path)
            yield number, run_id, folder
        except BaseException as exc:
            withdraw(path)
            why = KeyboardInterrupt if ordered() else type(exc)
            _try_to_log(log, number, run_id, why.__name__)
            raise
        bundle = file_digest(path / "bundle" / "bundle.dsse.json")
        log.end(number, run_id, datetime.now(UTC), outcome="finished", bundle=bundle)


def _try_to_log(log: RunLog, number: int, run_id: str, why: str) -> None:
    """A full disk may take this line too; the folder is marked ABORTED in any case."""
    try:
        log.end(number, run_id, datetime.now(UTC), outcome="aborted", why=why)
    except OSError:
        return


def _point_latest(runs: Path, run: Path) -> None:
    """Let ``runs/latest`` point to a run, in one step."""
    runs.mkdir(parents=True, exist_ok=True)
    partial = runs / f".latest-{os.getpid()}"
    partial.symlink_to(os.path.relpath(run, runs))
    partial.replace(runs / "latest")


def _not_started(
    protocol: Protocol, scope: Iterable[Planned], blocked_by: str
) -> Iterator[Result]:
    now = datetime.now(UTC)
    for item in scope:
        yield Result(
            id=item.id, protocol=protocol, kind=item.kind, state=State.NOT_TESTED,
            reason=f"not started: {blocked_by}",
            started_at=now, finished_at=now,
        )


