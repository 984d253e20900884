import { Queue, Worker } from "bullmq";
import { all, batches, cancelled, finish, inBatches, key, oneByOne } from "./phases.mjs";

const QUEUE = "remind";
// A colon is not allowed in an id of a job there.
const id = (number) => key(number).replace(":", "-");
const DELAY_MS = 1_500;

export async function course(port, tuned) {
  const connection = { host: "127.0.0.1", port: Number(port), maxRetriesPerRequest: null };
  const queue = new Queue(QUEUE, { connection });
  await queue.obliterate({ force: true });
  const options = (number) => ({ jobId: id(number), delay: DELAY_MS, removeOnComplete: tuned });
  const addMany = (numbers) =>
    queue.addBulk(numbers.map((number) => ({ name: QUEUE, data: { number }, opts: options(number) })));
  const removeMany = (numbers) => Promise.all(numbers.map((number) => queue.remove(id(number))));
  const inBulk = (work) => async (rest) => {
    for (const batch of batches(rest)) await work(batch);
  };

  const schedule = tuned
    ? await inBatches(all, addMany)
    : await oneByOne(all, (number) => queue.add(QUEUE, { number }, options(number)), inBulk(addMany));
  const cancel = tuned
    ? await inBatches(cancelled, removeMany)
    : await oneByOne(cancelled, (number) => queue.remove(id(number)), inBulk(removeMany));
  const finished = await finish({
    start: async (handled) =>
      new Worker(QUEUE, async (job) => handled(job.data.number), { connection, concurrency: tuned ? 50 : 10 }),
    stop: (worker) => worker.close(),
  });
  await queue.close();
  return { schedule, cancel, finish: finished };
}
