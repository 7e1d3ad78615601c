import { readdirSync, readFileSync } from 'node:fs';

/** Bytes of the largest process that shows a page (proportional set size), with all its threads; 0 where /proc does not say. */
export function rendererMemory(): number {
	let most = 0;
	try {
		for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) most = Math.max(most, memoryOf(pid));
	} catch {
		return 0;
	}
	return most;
}

function memoryOf(pid: string): number {
	try {
		if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) return 0;
		return 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
	} catch {
		// It has ended meanwhile.
		return 0;
	}
}
