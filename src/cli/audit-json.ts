import type { AuditResult, Judged } from '../audit/audit.js'
import { attemptsOfUsers, evidenceAt, namedUsers } from '../audit/evidence.js'
import { safeStrategy } from '../audit/finding.js'
import { orderFigures } from '../audit/orders.js'
import { reproduce } from '../audit/reproduce.js'
import { peopleOf, summaryOf } from '../audit/summary.js'
import type { Run } from '../history/run.js'
import type { FinalState } from '../sale/final-state.js'
import type { Named, People } from '../sale/people.js'
import type { Sale } from '../sale/sale.js'
import type { Looked } from './render-audit.js'

const MAX_EVIDENCE = 1_000

/** The document that `audit --json` prints. `outcomeRules`: by which it read the kept answers anew. */
export const auditJson = (
  sale: Sale,
  { state, moving, waitedMs, stillMs, lost, warnings, remarks }: Looked,
  result: AuditResult,
  outcomeRules: readonly string[],
) => {
  const { ledger } = result
  const attempts = attemptsOfUsers(ledger.runs, namedUsers(result.invariants))
  const named = ({ users, places }: Judged) =>
    places.length > 0
      ? places.map(({ run, row }) => evidenceAt(ledger.runs[run] as Run, row))
      : attempts.filter(({ user }) => users.includes(user))
  const samples = ledger.runs.flatMap((run) => run.footer?.stock ?? [])
  return {
    judgedAt: new Date().toISOString(),
    verdict: result.verdict,
    summary: summaryOf(sale, result),
    people: peopleJson(peopleOf(result)),
    outcomeRules,
    tested: result.tested,
    rules: result.rules,
    sale: sale.id,
    saleUuid: sale.uuid,
    runs: ledger.runs.map(({ header, footer, attempts, path }) => ({
      ...{ runId: header.runId, command: header.command, target: header.target, file: path },
      ...{ attempts: attempts.length, complete: footer !== null, interrupted: footer?.interrupted ?? null },
    })),
    settled: { settled: state !== null && moving === null, waitedMs, stillMs, moving },
    stock: {
      initial: sale.initial,
      remaining: state?.remaining ?? null,
      sold: ledger.recordedUnits,
      lowestSeen: samples.length > 0 ? Math.min(...samples.map(({ lowest }) => lowest)) : null,
      samples: samples.reduce((sum, seen) => sum + seen.samples, 0),
    },
    witnesses: {
      testified: result.witnesses.testified,
      disagreements: result.witnesses.disagreements.map(({ users, ...told }) => ({
        ...told,
        users: users.slice(0, MAX_EVIDENCE),
        usersInAll: users.length,
      })),
    },
    acknowledged: ledger.acknowledgedUnits,
    orders: orderFigures(ledger),
    invariants: result.invariants.map((judged) => ({
      ...{
        id: judged.id,
        verdict: judged.verdict,
        onlyWarns: judged.onlyWarns ?? false,
        message: judged.message,
        observed: judged.observed,
        expected: judged.expected,
      },
      evidence: {
        users: judged.users.slice(0, MAX_EVIDENCE),
        usersInAll: judged.users.length,
        attempts: named(judged),
        drawing: judged.drawing,
        keys: judged.keys,
      },
      ...{ hint: judged.hint, avoidedBy: judged.verdict === 'fail' ? safeStrategy(sale) : null, next: judged.next },
    })),
    coverage: result.coverage,
    reproduce: reproduce(sale, ledger),
    warnings: [...problemsOf(state), ...(lost === null ? [] : [lost]), ...warnings],
    remarks,
  }
}

const peopleJson = ({ told, waiting, ...some }: People) => {
  const named = ({ users, inAll }: Named) => ({ users: users.slice(0, MAX_EVIDENCE), usersInAll: inAll })
  const { sorry, twice, refused, contradicted } = some
  return {
    ...{ told, waiting, sorry: named(sorry), twice: named(twice) },
    ...{ refused: named(refused), contradicted: named(contradicted) },
  }
}

const problemsOf = (state: FinalState | null): string[] =>
  [state?.stockProblem ?? null, state?.recordsProblem ?? null].filter((problem) => problem !== null)
