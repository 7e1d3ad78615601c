/**
 * How the multiply-adds of each operator are counted: by a formula of its own, as nothing (it moves or compares numbers),
 * one per number that comes out or goes in; `uncounted` where a count would be a guess.
 */
export type CostKind = 'formula' | 'free' | 'output' | 'input' | 'uncounted';

const WORDS: Readonly<Record<CostKind, string>> = {
	formula:
		'Conv1D Conv2D Conv2DDynamic Conv3D DepthwiseConv2D SeparableConv2D Conv2DTranspose Conv3DTranspose Dense MatMul ' +
		'BatchMatMul BatchMatMulV2 AveragePool2D ResizeBilinear CropAndResize Upsample2D LSTM GRU SimpleRNN Bidirectional',
	free:
		'Input Identity IdentityN Flatten Reshape Transpose Squeeze ExpandDims Concat Pad MirrorPad Crop1D Crop2D Upsample1D StepMask Slice StridedSlice ' +
		'Split SplitV Cast Gather GatherNd Embedding BiasAdd Relu Relu6 ReLU LeakyRelu PRelu Prelu ThresholdedReLU MaxPool ' +
		'MaxPool2D MaxPool3D MaxPooling1D MaxPooling3D MaxPoolWithArgmax GlobalMaxPool Max Min Maximum Minimum ArgMax ArgMin ' +
		'All Any ResizeNearestNeighbor Stack Unstack Pack Unpack Shape ShapeN Size Rank Tile BroadcastTo BroadcastArgs Reverse ' +
		'ReverseV2 Select SelectV2 Greater GreaterEqual Less LessEqual Equal NotEqual LogicalAnd LogicalOr LogicalNot ' +
		'BitwiseAnd IsFinite IsInf IsNan Fill Range LinSpace Ones Zeros OnesLike ZerosLike OneHot SpaceToBatchND ' +
		'BatchToSpaceND DepthToSpace ScatterNd TensorScatterUpdate SparseToDense SparseReshape SparseFillEmptyRows EnsureShape ' +
		'Real Imag Complex Snapshot StopGradient NoOp Print MatrixBandPart LowerBound UpperBound Unique UniqueV2 TopKV2 Sign ' +
		'Floor Ceil Round ClipByValue HardTanh SoftShrink HardShrink RepeatVector Masking CenterCrop RandomHeight RandomWidth CategoryEncoding Bincount ' +
		'DenseBincount RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal Multinomial Const Placeholder ' +
		'PlaceholderWithDefault GlobalMaxPooling1D Dropout',
	output:
		'BatchNormalization LayerNormalization Add Subtract Multiply Divide DivNoNan FloorDiv Mod FloorMod Average Rescale ' +
		'SquaredDifference Sigmoid HardSigmoid Tanh Elu Selu Swish HardSwish Mish Gelu GeluTanh Celu LogSigmoid TanhShrink SparsePlus SquarePlus Softplus Softsign Softmax ' +
		'LogSoftmax Exp Expm1 Log Log1p Sqrt Rsqrt Square Pow Abs ComplexAbs Neg Reciprocal Erf Sin Sinh Asin Asinh Cos Cosh ' +
		'Acos Acosh Tan Atan Atan2 Atanh Cumsum Cumprod FakeQuantWithMinMaxVars FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 ' +
		'Div Resize Normalization GroupNormalization UnitNormalization',
	input:
		'GlobalAveragePool MaskedAveragePool Mean Sum Prod EuclideanNorm AvgPool AvgPool3D AveragePooling1D AveragePooling3D SparseSegmentMean SparseSegmentSum',
	uncounted:
		'Einsum EinsumDense Dot MultiHeadAttention PositionEmbedding TimeDistributed RNN StackedRNNCells ConvLSTM2D ' +
		'ConvLSTM2DCell ConvRNN2D Dilation2D LRN FFT IFFT RFFT IRFFT ImageProjectiveTransformV3 Resizing ' +
		// These carry on what the operator table could not take over, such as kernels that are computed.
		'DepthwiseConv2dNative DepthwiseConv2d FusedDepthwiseConv2dNative Conv2DBackpropInput FusedConv2D FusedMatMul'
};

const kinds = new Map<string, CostKind>(
	Object.entries(WORDS).flatMap(([kind, words]) => words.split(' ').map((type) => [type, kind as CostKind] as const))
);

/** @returns null for an operator that the table does not know */
export const costKind = (type: string): CostKind | null => kinds.get(type) ?? null;
