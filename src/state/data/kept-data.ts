import type { Reading } from '#contracts/reading.ts';
import { forget, keep, kept, MAX_KEPT_BYTES } from '#state/lab/kept.ts';
import type { DroppedFile } from '#state/opening/files.ts';

/** The files of the data set that was opened last, kept in this browser: a closed or crashed tab loses nothing of them. */
export interface KeptData {
	name: string;
	files: readonly DroppedFile[];
	/** How they were asked to be read. */
	reading?: Reading;
	/** Of several tables the one that was chosen. */
	part?: string;
}

const LAST = 'last';

/** In place of the one before. @returns whether the browser keeps it: it may refuse, and very much is not kept */
export async function keepData(data: KeptData): Promise<boolean> {
	const bytes = data.files.reduce((sum, { file }) => sum + file.size, 0);
	if (bytes > MAX_KEPT_BYTES) {
		await forgetData();
		return false;
	}
	return keep(LAST, data);
}

export const keptData = (): Promise<KeptData | null> => kept<KeptData>(LAST);
export const forgetData = (): Promise<void> => forget(LAST);
