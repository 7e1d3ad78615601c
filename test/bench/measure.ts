/** Median milliseconds of `runs` runs after one to warm up. */
export async function median(runs: number, job: () => Promise<unknown>): Promise<number> {
	await job();
	const times: number[] = [];
	for (let i = 0; i < runs; i++) {
		const start = performance.now();
		await job();
		times.push(performance.now() - start);
	}
	return times.sort((a, b) => a - b)[runs >> 1] as number;
}

/** A row of the table that `npm run bench` prints. */
export function row(what: string, measured: string, against: string, ratio: number): void {
	console.log(`ROW|${what}|${measured}|${against}|${ratio.toFixed(2)}|END`);
}

export const ms = (time: number) => `${time.toFixed(1)} ms`;
