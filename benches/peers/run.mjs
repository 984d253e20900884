// node run.mjs PEER default|tuned ADDRESS: one course of one peer, its figures as a line of JSON.
import { JOBS } from "./phases.mjs";

const [peer, mode, address] = process.argv.slice(2);
const { course } = await import(`./${peer}.mjs`);
const figures = await course(address, mode === "tuned");
console.log(JSON.stringify({ peer, mode, jobs: JOBS, ...figures }));
process.exit(0);
