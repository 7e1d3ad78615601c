import { expect } from 'vitest';
import { LabError } from '#contracts/errors.ts';

/** Why a job was refused: in sentences of the lab, never of anybody else. */
export async function refused(job: Promise<unknown>): Promise<LabError> {
	const error = await job.then(
		() => null,
		(reason: unknown) => reason
	);
	expect(error).toBeInstanceOf(LabError);
	const { message, hint } = error as LabError;
	expect(message).toMatch(/\.$/);
	expect(hint, message).toMatch(/\.$/);
	return error as LabError;
}
