import PgBoss from "pg-boss";
import { all, batches, BATCH, cancelled, due, finish, IN_FLIGHT, inBatches, key, oneByOne, uuid } from "./phases.mjs";

const QUEUE = "remind";
const options = (number) => ({ id: uuid(number), singletonKey: key(number), startAfter: due() });

export async function course(address, tuned) {
  const boss = new PgBoss({ connectionString: address, max: 12, supervise: false, schedule: false });
  boss.on("error", (error) => {
    throw error;
  });
  await boss.start();
  await boss.createQueue(QUEUE);
  const insertMany = (numbers) =>
    boss.insert(numbers.map((number) => ({ name: QUEUE, data: { number }, ...options(number) })));
  const cancelMany = (numbers) => boss.cancel(QUEUE, numbers.map(uuid));
  const inBulk = (work) => async (rest) => {
    for (const batch of batches(rest)) await work(batch);
  };

  const schedule = tuned
    ? await inBatches(all, insertMany)
    : await oneByOne(all, (number) => boss.send(QUEUE, { number }, options(number)), inBulk(insertMany));
  const cancel = tuned
    ? await inBatches(cancelled, cancelMany)
    : await oneByOne(cancelled, (number) => boss.cancel(QUEUE, uuid(number)), inBulk(cancelMany));
  // Its own `work()` asks for one job every two seconds; here nobody rests between two.
  const loops = tuned ? 1 : IN_FLIGHT;
  const batchSize = tuned ? BATCH : 1;
  const finished = await finish({
    start: async (handled) => {
      const running = { stopped: false };
      const loop = async () => {
        while (!running.stopped) {
          const jobs = await boss.fetch(QUEUE, { batchSize });
          if (jobs.length === 0) return;
          await boss.complete(QUEUE, jobs.map((job) => job.id));
          for (const job of jobs) handled(job.data.number);
        }
      };
      running.ended = Promise.all(Array.from({ length: loops }, loop));
      return running;
    },
    stop: async (running) => {
      running.stopped = true;
      await running.ended;
    },
  });
  await boss.stop({ graceful: false, wait: true });
  return { schedule, cancel, finish: finished };
}
