import type { LabState } from '#contracts/lab.ts';
import type { Door, Room } from '#state/lab/door.ts';
import { createContext, onDestroy } from 'svelte';

/** A room comes with the view that first asks for it, so that the page need not load all of them to begin with. */
export type RoomClass<T extends Room> = new (door: Door) => T;

interface Lab extends LabState {
	/** The one room of that kind on this page. */
	room<T extends Room>(kind: RoomClass<T>): T;
}

const [get, set] = createContext<Lab>();

/** The lab of this page, for any component below the one that provides it. */
export const useLab: () => LabState = get;
export const useRoom = <T extends Room>(kind: RoomClass<T>): T => get().room(kind);

/** The room of a view, which is told while the view is on the page that it is looked at. */
export function useLooked<T extends Room & { looked: boolean }>(kind: RoomClass<T>): T {
	const room = useRoom(kind);
	room.looked = true;
	onDestroy(() => (room.looked = false));
	return room;
}
export const provideLab = set;
