import type { Reading } from '#contracts/reading.ts';
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

/** Above, the browser might drop what other pages keep. */
const MOST_BYTES = 2 ** 30;
const STORE = 'data';
const LAST = 'last';

function settled<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing.'));
	});
}

async function inStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	const opening = indexedDB.open('vitrine');
	opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
	const database = await settled(opening);
	try {
		return await settled(use(database.transaction(STORE, mode).objectStore(STORE)));
	} finally {
		database.close();
	}
}

/** In place of the one before. @returns whether the browser keeps it: it may refuse, and very much is not kept */
export async function keepData(data: KeptData): Promise<boolean> {
	const bytes = data.files.reduce((sum, { file }) => sum + file.size, 0);
	if (bytes > MOST_BYTES) {
		await forgetData();
		return false;
	}
	try {
		await inStore('readwrite', (store) => store.put(data, LAST));
		return true;
	} catch {
		return false;
	}
}

export async function keptData(): Promise<KeptData | null> {
	try {
		const found = (store: IDBObjectStore) => store.get(LAST) as IDBRequest<KeptData | undefined>;
		return (await inStore('readonly', found)) ?? null;
	} catch {
		// A browser that keeps nothing has kept nothing.
		return null;
	}
}

export async function forgetData(): Promise<void> {
	try {
		await inStore('readwrite', (store) => store.delete(LAST));
	} catch {
		// Nothing was kept.
	}
}
