/** The comparison: one echo service on mioloop and on `net`, each a process of its own, under the same load. */
import { join } from 'node:path';
import { type Cores, chooseCores } from '../../benches/lib/affinity.js';
import { type Load, type LoadReport, runLoad } from '../../benches/lib/loadgen.js';
import { COMPILED } from '../../benches/lib/paths.js';
import { type Server, withServer } from '../../benches/lib/server.js';
import { median } from '../../benches/lib/stats.js';
import { figure, table } from '../../benches/lib/table.js';

const CONNECTIONS = 100;
const MESSAGE_BYTES = 1024;
/** Four rounds of two servers: ten seconds. */
const FULL = { rounds: 4, load: { warmup: 0.25, seconds: 1 } };
const QUICK = { rounds: 1, load: { warmup: 0.1, seconds: 0.1 } };

const METRICS = [
  ['req/s', (report: LoadReport) => report.requestsPerSecond],
  ['p50 µs', (report: LoadReport) => report.p50Us],
  ['p99 µs', (report: LoadReport) => report.p99Us],
  ['CPU µs/req', (report: LoadReport) => (report.serverCpuUs ?? Number.NaN) / report.requests],
] as const;

/** Rejects when a byte was wrong, or a server failed. */
export async function compareServers(loadGenerator: string, quick: boolean): Promise<void> {
  const { rounds, load } = quick ? QUICK : FULL;
  const cores = await chooseCores();
  console.log(
    `${CONNECTIONS} connections, each sends 1 KiB and waits for it, every byte is checked; ${cores.text}`,
  );
  const command = (name: string, ...args: string[]) => [
    process.execPath,
    join(COMPILED, 'servers', `${name}.js`),
    ...args,
  ];
  const reports = await withServer(cores.server, command('mioloop', 'hosted', 'owned'), (mioloop) =>
    withServer(cores.server, command('net'), (net) =>
      takeTurns(loadGenerator, cores, [mioloop, net], rounds, {
        ...load,
        connections: CONNECTIONS,
        size: MESSAGE_BYTES,
      }),
    ),
  );
  print(reports);
}

/** The reports of each server, by round; who begins changes from round to round. */
async function takeTurns(
  loadGenerator: string,
  cores: Cores,
  servers: [mioloop: Server, net: Server],
  rounds: number,
  load: Load,
): Promise<[mioloop: LoadReport[], net: LoadReport[]]> {
  const reports: [LoadReport[], LoadReport[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const index of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const { port, child } = servers[index];
      reports[index].push(await runLoad(loadGenerator, cores.client, { port, pid: child.pid }, load));
    }
  }
  return reports;
}

/** Medians of the rounds; the ratio is taken round by round, so that both sides saw the same machine. */
function print([mioloop, net]: [mioloop: LoadReport[], net: LoadReport[]]): void {
  const medians = (reports: LoadReport[]) => METRICS.map(([, of]) => figure(median(reports.map(of))));
  const ratios = METRICS.map(([, of]) =>
    figure(median(mioloop.map((report, round) => of(report) / of(net[round]!)))),
  );
  const head = ['', ...METRICS.map(([name]) => name)];
  const rows = [
    ['mioloop', ...medians(mioloop)],
    ['net', ...medians(net)],
    ['mioloop / net', ...ratios],
  ];
  console.log(table(head, rows));
  const [rate, , , cpu] = ratios;
  console.log(`mioloop answers ${rate} times as many requests as net, with ${cpu} of its CPU time for each.`);
}
