/** Of a dialog that its opener shows and takes away. */
export interface DialogProps {
	open: boolean;
	onclose: () => void;
}
