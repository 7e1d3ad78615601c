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

/** Median milliseconds of two jobs that take turns: a machine that is now faster, now slower, is so for both. */
export async function inTurn(
	runs: number,
	first: () => Promise<unknown>,
	second: () => Promise<unknown>
): Promise<[first: number, second: number]> {
	const times: [number[], number[]] = [[], []];
	for (let i = 0; i <= runs; i++)
		for (const [at, job] of [first, second].entries()) {
			const start = performance.now();
			await job();
			// The first of each is to warm up.
			if (i) times[at]!.push(performance.now() - start);
		}
	return times.map((own) => own.sort((a, b) => a - b)[runs >> 1] as number) as [number, number];
}

/** A row of the table that `npm run bench` prints. */
export function row(what: string, measured: string, against: string, ratio: number): void {
	console.log(`ROW|${what}|${measured}|${against}|${ratio.toFixed(2)}|END`);
}

export const ms = (time: number) => `${time.toFixed(1)} ms`;
