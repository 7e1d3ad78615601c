import { isAbort, LabError } from '#contracts/errors.ts';
import type { Source } from '#contracts/source.ts';

/**
 * The last net under the reading of foreign files: what third-party readers throw, in a sentence about the file. The cause
 * goes to the console, where a defect of a loader is still seen as one.
 * @param title what it was read as: `Table (CSV, TSV)`
 */
export async function readAs<T>(source: Source, title: string, read: () => Promise<T>): Promise<T> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof LabError || isAbort(error)) throw error;
		console.error(error);
		const name = source.files.length === 1 ? source.files[0]!.path : source.name || source.files[0]?.path;
		throw new LabError(
			`“${name}” cannot be read as ${title}: it is damaged, or of a version that the lab does not know.`,
			'Save it again, or convert it to another format.',
			{ cause: error }
		);
	}
}
