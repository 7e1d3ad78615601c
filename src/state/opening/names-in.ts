import { LabError } from '#contracts/errors.ts';
import type { DataThread } from '#state/threads/data-thread.ts';

/** Class names in a text or a file. @param where they were looked for: `at “…”` @throws LabError where there are none */
export async function namesIn(
	{ api }: Pick<DataThread, 'api'>,
	text: string | Blob,
	where: string
): Promise<readonly string[]> {
	const names = await api.with({ watched: true }).classNames(text);
	if (names) return names;
	throw new LabError(`No class names were found ${where}.`, 'Write one name per line, or a JSON array.');
}
