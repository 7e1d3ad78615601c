import { breath, SLICE } from '#engine/breath.ts';
import type { Control } from '#engine/projection/engine.ts';
import type { Job } from '#maths/projection/rows.ts';

/** Runs a job in slices of time that let messages in: it hears that it is cancelled, and is seen on its way. */
export async function drive<T>(job: Job<T>, control: Pick<Control, 'signal' | 'step'>): Promise<T> {
	let began = performance.now();
	for (;;) {
		const step = job.next();
		if (step.done) return step.value;
		if (performance.now() - began < SLICE) continue;
		control.step(step.value);
		await breath(control.signal);
		began = performance.now();
	}
}
