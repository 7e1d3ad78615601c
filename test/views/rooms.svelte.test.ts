import { flushSync, mount, tick, unmount } from 'svelte';
import { expect, it } from 'vitest';
import type { Door, Room } from '#state/lab/door.ts';
import { Rooms } from '#state/lab/rooms.svelte.ts';
import RoomHost from './RoomHost.svelte';

it('a room follows what it depends on as long as the page, and heeds whether its view is there', async () => {
	const depends = $state({ on: 0 });
	const seen: [on: number, looked: boolean][] = [];
	class Following implements Room {
		looked = $state(false);
		busy = false;
		readonly on = $derived(depends.on);
		watch(): void {
			$effect(() => void seen.push([this.on, this.looked]));
		}
		reset(): void {}
		restore(): Promise<void> {
			return Promise.resolve();
		}
	}
	const rooms = new Rooms({} as Door);
	const settled = async () => {
		await tick();
		flushSync();
		return seen.splice(0);
	};
	const show = () => mount(RoomHost, { target: document.body, props: { rooms, kind: Following } });

	const first = show();
	expect(await settled()).toEqual([[0, true]]);
	depends.on = 1;
	expect(await settled()).toEqual([[1, true]]);
	await unmount(first);
	expect(await settled()).toEqual([[1, false]]);
	// The component that asked for the room first is gone.
	depends.on = 2;
	expect(await settled()).toEqual([[2, false]]);
	const second = show();
	expect(await settled()).toEqual([[2, true]]);
	depends.on = 3;
	expect(await settled()).toEqual([[3, true]]);
	rooms.end();
	depends.on = 4;
	expect(await settled()).toEqual([]);
	await unmount(second);
});
