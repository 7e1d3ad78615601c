import { group, type Operators } from '#engine/model/operators/operator.ts';
import { recurrent as recurrentMacs, uncounted } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

/** Run as layers of tfjs-layers. */
const recurrent = group({ family: 'recurrent', figure: 'recurrent', positions: mixed });

/** In the order in which Keras lays them side by side. */
const LSTM = ['input', 'forget', 'cell', 'output'];
const GRU = ['update', 'reset', 'hidden'];

const operators: Operators = {
	LSTM: recurrent('Reads a sequence step by step, with gates that decide what a memory keeps, forgets and shows.', {
		macs: recurrentMacs,
		gates: LSTM
	}),
	GRU: recurrent('Reads a sequence step by step, with gates that mix the old state with the new one.', {
		macs: recurrentMacs,
		gates: GRU
	}),
	SimpleRNN: recurrent('Reads a sequence step by step: each state comes from the input and the state before.', {
		macs: recurrentMacs
	}),
	RNN: recurrent('Reads a sequence step by step with a cell of its own.', { macs: uncounted, gates: 'inner' }),
	StackedRNNCells: recurrent('Several recurrent cells, one on top of the other.', { macs: uncounted, gates: 'inner' }),
	Bidirectional: recurrent('Reads a sequence both ways and joins the two outputs.', {
		macs: recurrentMacs,
		gates: 'inner'
	}),
	TimeDistributed: recurrent('Applies the same layer to every step of a sequence.', {
		figure: 'other',
		macs: uncounted
	}),
	ConvLSTM2D: recurrent('An LSTM over pictures, whose gates are convolutions.', { macs: uncounted, gates: LSTM }),
	ConvLSTM2DCell: recurrent('One step of an LSTM over pictures.', { macs: uncounted }),
	ConvRNN2D: recurrent('A recurrent layer over pictures.', { macs: uncounted })
};

export default operators;
