import { createStore, del, get, keys, set, update } from 'idb-keyval';

/**
 * What this browser keeps of the user's own files, so that a closed, crashed or reloaded tab loses nothing. It may refuse,
 * and drop all of it when it is short of room: then nothing was kept.
 */

/** Bytes of one kind at most: above, the browser might drop what other pages keep. */
export const MAX_KEPT_BYTES = 2 ** 30;

const store = createStore('vitrine', 'data');

/** @returns whether the browser keeps it */
export async function keep(key: string, value: unknown): Promise<boolean> {
	try {
		await set(key, value, store);
		return true;
	} catch {
		return false;
	}
}

/**
 * Keeps what comes of what is kept there, at once: of two tabs that do it none is lost.
 * @param now told what is kept, or null
 * @returns whether the browser keeps it
 */
export async function rekeep<T>(key: string, now: (before: T | null) => T): Promise<boolean> {
	try {
		await update<T>(key, (before) => now(before ?? null), store);
		return true;
	} catch {
		return false;
	}
}

/** What was kept under that key by `keep`, or null. */
export async function kept<T>(key: string): Promise<T | null> {
	try {
		return (await get<T>(key, store)) ?? null;
	} catch {
		return null;
	}
}

export async function forget(key: string): Promise<void> {
	try {
		await del(key, store);
	} catch {
		// Nothing was kept.
	}
}

/** Whether anything is. */
export async function anyKept(): Promise<boolean> {
	try {
		return (await keys(store)).length > 0;
	} catch {
		return false;
	}
}
