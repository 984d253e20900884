// One course of a peer: schedule, cancel a third by key, finish the rest; each phase timed on its own.

export const JOBS = Number(process.env.PEERS_JOBS ?? 50_000);
// What is slow is measured for so long, and the rate taken from what was done until then.
const PHASE_LIMIT_S = 12;
export const IN_FLIGHT = 10;
export const BATCH = 1_000;
// Jobs are for later when they are scheduled, and all due when the finishing begins.
const LATER_MS = 1_500;

export const all = Array.from({ length: JOBS }, (_, number) => number);
export const cancelled = all.filter((number) => number % 3 === 0);
export const left = JOBS - cancelled.length;

export const key = (number) => `appointment-${number}:reminder`;
export const due = () => new Date(Date.now() + LATER_MS);

// The same job's key as an id, for a peer that knows its jobs by UUID only.
export const uuid = (number) => `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

export const batches = (items, size = BATCH) =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

const seconds = (began) => (performance.now() - began) / 1_000;

// Carries out `work` for every item, `inFlight` at once, as long as the limit lets it. How many items
// that were and how long it took; the rest are given to `rest`, which is not timed.
async function through(items, inFlight, work, rest) {
  const began = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < items.length && seconds(began) < PHASE_LIMIT_S) await work(items[next++]);
    }),
  );
  const measured = { count: next, seconds: seconds(began) };
  if (next < items.length) await rest(items.slice(next));
  return measured;
}

const sizes = (phase, items) => ({ ...phase, count: items.slice(0, phase.count).reduce((sum, batch) => sum + batch.length, 0) });

// One call a job, several at once, as the requests of an application are.
export const oneByOne = (items, work, rest) => through(items, IN_FLIGHT, work, rest);

// One call for a thousand.
export async function inBatches(items, work) {
  const cut = batches(items);
  return sizes(await through(cut, 2, work, async (rest) => Promise.all(rest.map(work))), cut);
}

// Waits until everything is due, lets `start` begin to work, and counts what its handler is told by
// calling `handled(number)`; `stop` ends it, and what is not written down by then belongs to the time.
export async function finish({ start, stop }) {
  await new Promise((resolve) => setTimeout(resolve, LATER_MS + 500));
  const seen = new Uint8Array(JOBS);
  let count = 0;
  let wrong;
  let done;
  const whole = new Promise((resolve) => (done = resolve));
  const handled = (number) => {
    if (number % 3 === 0) wrong = `job ${number} was finished although it was cancelled`;
    if (seen[number]++) wrong = `job ${number} was finished twice`;
    if (++count === left) done();
  };
  const began = performance.now();
  const running = await start(handled);
  let timer;
  await Promise.race([whole, new Promise((resolve) => (timer = setTimeout(resolve, PHASE_LIMIT_S * 1_000)))]);
  clearTimeout(timer);
  const by = { count, seconds: seconds(began) };
  await stop(running);
  if (wrong) throw new Error(wrong);
  // What is handed back in batches is finished only now.
  return count === left && by.count === left ? { count, seconds: seconds(began) } : by;
}
