import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { all, batches, cancelled, due, finish, inBatches, key, oneByOne } from "./phases.mjs";

const logger = new Logger(() => () => {});
const spec = (number) => ({ identifier: "remind", payload: { number }, jobKey: key(number), runAt: due() });

export async function course(address, tuned) {
  const pool = new pg.Pool({ connectionString: address, max: 12 });
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  const addMany = (numbers) => utils.addJobs(numbers.map(spec));
  const removeMany = (numbers) =>
    pool.query("SELECT graphile_worker.remove_job(key) FROM unnest($1::text[]) AS key", [numbers.map(key)]);
  const inBulk = (work) => async (rest) => {
    for (const batch of batches(rest)) await work(batch);
  };

  const schedule = tuned
    ? await inBatches(all, addMany)
    : await oneByOne(
        all,
        (number) => utils.addJob("remind", { number }, { jobKey: key(number), runAt: due() }),
        inBulk(addMany),
      );
  const cancel = tuned
    ? await inBatches(cancelled, removeMany)
    : await oneByOne(
        cancelled,
        (number) => pool.query("SELECT graphile_worker.remove_job($1)", [key(number)]),
        inBulk(removeMany),
      );
  const preset = tuned
    ? { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
    : {};
  const finished = await finish({
    start: (handled) =>
      run({
        pgPool: pool,
        preset,
        concurrency: tuned ? 24 : 10,
        noHandleSignals: true,
        logger,
        taskList: { remind: async ({ number }) => handled(number) },
      }),
    stop: (runner) => runner.stop(),
  });
  await utils.release();
  await pool.end();
  return { schedule, cancel, finish: finished };
}
