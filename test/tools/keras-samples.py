"""Writes the Keras files of test/cases/keras and what they answer, in plain NumPy: python3 with h5py is all it wants.

The files are laid out as Keras itself does it (legacy_h5_format.py and saving_lib.py of Keras 3, their forerunners of 1 and 2);
the answers are formulas of the Keras documentation, written out.
"""

import io
import json
import os
import zipfile

import h5py
import numpy as np

HERE = os.path.join(os.path.dirname(__file__), '..', 'cases', 'keras')
EXPECTED = {}


def numbers(shape, seed):
    size = int(np.prod(shape)) if len(shape) else 1
    return (np.sin(12.9898 * (np.arange(size) + 1) + 78.233 * seed) * 0.5).reshape(shape).astype('float32')


def f64(x):
    return np.asarray(x, 'float64')


# Layers, by their formulas.
def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def conv2d(x, kernel, bias):
    """Padding same, strides 1."""
    kh, kw, _, filters = kernel.shape
    b, h, w, _ = x.shape
    padded = np.pad(x, ((0, 0), ((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2), (0, 0)))
    out = np.zeros((b, h, w, filters))
    for i in range(h):
        for j in range(w):
            out[:, i, j] = np.einsum('bhwc,hwcf->bf', padded[:, i:i + kh, j:j + kw], f64(kernel))
    return out + bias


def conv1d(x, kernel, bias, stride=1, before=0, after=0):
    k, _, filters = kernel.shape
    padded = np.pad(x, ((0, 0), (before, after), (0, 0)))
    steps = range(0, padded.shape[1] - k + 1, stride)
    return np.stack([np.einsum('bkc,kcf->bf', padded[:, s:s + k], f64(kernel)) for s in steps], 1) + bias


def depthwise1d(x, kernel, before=0, after=0):
    k, c, m = kernel.shape
    padded = np.pad(x, ((0, 0), (before, after), (0, 0)))
    steps = range(padded.shape[1] - k + 1)
    return np.stack([np.einsum('bkc,kcm->bcm', padded[:, s:s + k], f64(kernel)).reshape(-1, c * m) for s in steps], 1)


def transposed1d(x, kernel, bias, stride):
    k, out, _ = kernel.shape
    b, n, _ = x.shape
    y = np.zeros((b, n * stride + max(k - stride, 0), out))
    for i in range(n):
        for j in range(k):
            y[:, i * stride + j] += x[:, i] @ f64(kernel[j]).T
    return y + bias


def norm(x, gamma, beta, mean, variance, epsilon=1e-3):
    return (x - mean) / np.sqrt(f64(variance) + epsilon) * gamma + beta


def gru(x, kernel, recurrent, bias, backwards=False):
    units = recurrent.shape[0]
    state = np.zeros((x.shape[0], units))
    for t in reversed(range(x.shape[1])) if backwards else range(x.shape[1]):
        a, b = x[:, t] @ f64(kernel) + bias[0], state @ f64(recurrent) + bias[1]
        z, r = sigmoid(a[:, :units] + b[:, :units]), sigmoid(a[:, units:2 * units] + b[:, units:2 * units])
        fresh = np.tanh(a[:, 2 * units:] + r * b[:, 2 * units:])
        state = z * state + (1 - z) * fresh
    return state


def heads(x, w, causal):
    """Multi-head attention of x to itself. w: query, key, value kernels and biases, then those of the output."""
    wq, bq, wk, bk, wv, bv, wo, bo = [f64(one) for one in w]
    q, k, v = [np.einsum('btd,dhk->bhtk', x, a) + b[None, :, None] for a, b in ((wq, bq), (wk, bk), (wv, bv))]
    share = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, share, 1), np.repeat(v, share, 1)
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
    if causal:
        scores = np.where(np.tril(np.ones(scores.shape[-2:])) > 0, scores, -1e9)
    return np.einsum('bhtk,hkd->btd', softmax(scores) @ v, wo) + bo


# Files.
def attribute(group, name, value):
    group.attrs[name] = value


def legacy(path, layers, config=None, version='2.12.0', compression=None, name=lambda layer, weight: f'{layer}/{weight}:0',
           **options):
    """layers: [(name, [(weight name, array), ...]), ...]"""
    with h5py.File(os.path.join(HERE, path), 'w', **options) as file:
        root = file
        if config is not None:
            attribute(file, 'model_config', json.dumps(config).encode())
            attribute(file, 'keras_version', version.encode())
            attribute(file, 'backend', b'tensorflow')
            root = file.create_group('model_weights')
        attribute(root, 'layer_names', [layer.encode() for layer, _ in layers])
        attribute(root, 'keras_version', version.encode())
        for layer, weights in layers:
            group = root.create_group(layer)
            attribute(group, 'weight_names', [name(layer, weight).encode() for weight, _ in weights])
            for weight, array in weights:
                filters = dict(compression or {}) if array.ndim else {}
                if 'maxshape' in filters:
                    filters['maxshape'] = (None,) * array.ndim
                group.create_dataset(name(layer, weight), data=array, **filters)


def saved(path, tree):
    """tree: path of a layer -> its arrays, as saving_lib numbers them."""
    memory = io.BytesIO()
    with h5py.File(memory, 'w') as file:
        for where, arrays in tree.items():
            group = file.create_group(f'{where}/vars')
            for i, array in enumerate(arrays):
                group.create_dataset(str(i), data=array)
    return memory.getvalue()


def archive(path, config, tree, version='3.5.0'):
    with zipfile.ZipFile(os.path.join(HERE, path), 'w') as file:
        parts = {
            'metadata.json': json.dumps({'keras_version': version, 'date_saved': '2024-09-08@11:53:34'}),
            'config.json': json.dumps(config),
            'model.weights.h5': saved(path, tree),
        }
        for part, content in parts.items():
            file.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), content)


def expect(path, inputs, outputs):
    EXPECTED[path] = {
        'inputs': {name: {'shape': list(x.shape), 'values': np.ravel(x).tolist()} for name, x in inputs.items()},
        'outputs': [{'shape': list(y.shape), 'values': [float(f'{n:.7g}') for n in np.ravel(y)]} for y in outputs],
    }


def layer(class_name, name, inbound=None, **config):
    made = {'class_name': class_name, 'config': {'name': name, 'trainable': True, 'dtype': 'float32', **config}, 'name': name}
    return made if inbound is None else {**made, 'inbound_nodes': inbound}


def of(*names):
    return [[[name, 0, 0, {}] for name in names]]


POLICY = {'module': 'keras', 'class_name': 'DTypePolicy', 'config': {'name': 'float32'}, 'registered_name': None,
          'shared_object_id': 140039791181392}
GLOROT = {'module': 'keras.initializers', 'class_name': 'GlorotUniform', 'config': {'seed': None}, 'registered_name': None}


def tensor(name, shape):
    return {'class_name': '__keras_tensor__', 'config': {'shape': shape, 'dtype': 'float32', 'keras_history': [name, 0, 0]}}


def layer3(class_name, name, args=None, module='keras.layers', registered=None, kwargs=None, built=None, **config):
    own = {'name': name} if 'ops' in module else {'name': name, 'trainable': True, 'dtype': POLICY}
    made = {'module': module, 'class_name': class_name, 'config': {**own, **config}, 'registered_name': registered, 'name': name}
    if built is not None:
        made['build_config'] = {'input_shape': built}
    if args is not None:
        made['inbound_nodes'] = [{'args': args, 'kwargs': kwargs or {}}] if args else []
    return made


def functional2():
    """Keras 2: a skip, a nested model, a layer that is used twice, two outputs; weights packed."""
    k, b = numbers((3, 3, 2, 2), 1), numbers((2,), 2)
    bn = [numbers((2,), 3), numbers((2,), 4), numbers((2,), 5), np.abs(numbers((2,), 6)) + 0.5]
    dk, db = numbers((2, 2), 7), numbers((2,), 8)
    hk, hb = numbers((2, 3), 9), numbers((3,), 10)
    inner = {'name': 'head', 'layers': [
        layer('InputLayer', 'pooled', [], batch_input_shape=[None, 2]),
        layer('Dense', 'fc', of('pooled'), units=3, activation='softmax', use_bias=True)],
        'input_layers': [['pooled', 0, 0]], 'output_layers': [['fc', 0, 0]]}
    config = {'class_name': 'Functional', 'config': {'name': 'model', 'layers': [
        layer('InputLayer', 'image', [], batch_input_shape=[None, 5, 4, 2]),
        layer('Conv2D', 'conv', of('image'), filters=2, kernel_size=[3, 3], strides=[1, 1], padding='same',
              data_format='channels_last', dilation_rate=[1, 1], groups=1, activation='relu', use_bias=True,
              kernel_initializer={'class_name': 'HeNormal', 'config': {'seed': None}}),
        layer('BatchNormalization', 'norm', of('conv'), axis=[3], momentum=0.99, epsilon=0.001, center=True, scale=True),
        layer('Add', 'sum', of('norm', 'image')),
        layer('GlobalAveragePooling2D', 'mean', of('sum'), data_format='channels_last', keepdims=False),
        layer('GlobalMaxPooling2D', 'most', of('sum'), data_format='channels_last', keepdims=False),
        layer('Dense', 'shared', [of('mean')[0], of('most')[0]], units=2, activation='tanh', use_bias=True),
        layer('Subtract', 'difference', [[['shared', 0, 0, {}], ['shared', 1, 0, {}]]]),
        {'class_name': 'Functional', 'name': 'head', 'config': inner, 'inbound_nodes': of('difference')}],
        'input_layers': [['image', 0, 0]], 'output_layers': [['head', 1, 0], ['mean', 0, 0]]}}
    # Uses of a nested model are counted from one.
    layers = [
        ('image', []), ('conv', [('kernel', k), ('bias', b)]),
        ('norm', list(zip(['gamma', 'beta', 'moving_mean', 'moving_variance'], bn))),
        ('sum', []), ('mean', []), ('most', []), ('shared', [('kernel', dk), ('bias', db)]), ('difference', []),
        ('head', [('fc/kernel', hk), ('fc/bias', hb)])]
    name = lambda group, weight: f'{weight}:0' if group == 'head' else f'{group}/{weight}:0'
    filters = {'compression': 'gzip', 'shuffle': True, 'fletcher32': True, 'chunks': True}
    legacy('functional.h5', layers, config, compression=filters, name=name)
    # As HDF5 1.10 writes: names in a heap of their own, an index of pieces that may grow.
    legacy('newest.h5', layers, config, compression={**filters, 'maxshape': None}, name=name, libver='latest')
    x = f64(numbers((1, 5, 4, 2), 20))
    y = norm(relu(conv2d(x, k, b)), *bn) + x
    mean, most = y.mean((1, 2)), y.max((1, 2))
    difference = np.tanh(mean @ f64(dk) + db) - np.tanh(most @ f64(dk) + db)
    for path in ('functional.h5', 'newest.h5'):
        expect(path, {'image': x}, [softmax(difference @ f64(hk) + hb), mean])


def sequential1():
    """Keras 1: a bare list, with words of its own."""
    k, b, dk, db = numbers((3, 3, 1, 2), 1), numbers((2,), 2), numbers((32, 3), 3), numbers((3,), 4)
    config = {'class_name': 'Sequential', 'config': [
        {'class_name': 'Convolution2D', 'config': {
            'name': 'convolution2d_1', 'batch_input_shape': [None, 4, 4, 1], 'input_dtype': 'float32', 'nb_filter': 2,
            'nb_row': 3, 'nb_col': 3, 'border_mode': 'same', 'subsample': [1, 1], 'dim_ordering': 'tf', 'bias': True,
            'activation': 'relu', 'init': 'glorot_uniform', 'trainable': True}},
        {'class_name': 'Dropout', 'config': {'name': 'dropout_1', 'p': 0.5, 'trainable': True}},
        {'class_name': 'Flatten', 'config': {'name': 'flatten_1', 'trainable': True}},
        {'class_name': 'Dense', 'config': {'name': 'dense_1', 'output_dim': 3, 'activation': 'softmax', 'bias': True,
                                           'init': 'glorot_uniform', 'input_dim': None, 'trainable': True}}]}
    legacy('sequential-1.h5', [
        ('convolution2d_1', [('W', k), ('b', b)]), ('dropout_1', []), ('flatten_1', []), ('dense_1', [('W', dk), ('b', db)])],
        config, '1.2.2', name=lambda group, weight: f'{group}_{weight}:0')
    x = f64(numbers((1, 4, 4, 1), 21))
    flat = relu(conv2d(x, k, b)).reshape(1, -1)
    expect('sequential-1.h5', {'convolution2d_1_input': x}, [softmax(flat @ f64(dk) + db)])


def weights_only():
    arrays = [('kernel', numbers((4, 3), 1)), ('bias', numbers((3,), 2).astype('float16'))]
    legacy('weights-2.h5', [('input_1', []), ('dense', arrays)])
    with open(os.path.join(HERE, 'weights-3.weights.h5'), 'wb') as file:
        file.write(saved('', {'layers/dense': [a for _, a in arrays], 'layers/flatten': []}))


def transformer3():
    """Keras 3: attention, operations as layers, a dictionary of outputs."""
    d, t = 4, 3
    att = [numbers(s, 30 + i) for i, s in enumerate([(d, 2, 3), (2, 3), (d, 2, 3), (2, 3), (d, 2, 3), (2, 3), (2, 3, d), (d,)])]
    gqa = [numbers(s, 50 + i) for i, s in enumerate([(d, 2, 3), (2, 3), (d, 1, 3), (1, 3), (d, 1, 3), (1, 3), (2, 3, d), (d,)])]
    gamma, beta, rms = numbers((d,), 40) + 1, numbers((d,), 41), numbers((d,), 42) + 1
    ek, eb = numbers((d, 5), 43), numbers((5,), 44)
    s = [None, t, d]
    config = {'module': 'keras.src.models.functional', 'class_name': 'Functional', 'registered_name': 'Functional', 'config': {
        'name': 'functional', 'trainable': True, 'layers': [
            {'module': 'keras.layers', 'class_name': 'InputLayer', 'name': 'x', 'registered_name': None, 'inbound_nodes': [],
             'config': {'batch_shape': s, 'dtype': 'float32', 'sparse': False, 'ragged': False, 'name': 'x', 'optional': False}},
            layer3('MultiHeadAttention', 'attention', [tensor('x', s)] * 2, num_heads=2, key_dim=3, value_dim=3, dropout=0.1,
                   use_bias=True, output_shape=None, attention_axes=[1], seed=None, kernel_initializer=GLOROT,
                   kwargs={'query_mask': None, 'value_mask': None, 'key_mask': None, 'attention_mask': None,
                           'return_attention_scores': False, 'training': False, 'use_causal_mask': True}),
            layer3('Add', 'add', [tensor('x', s), tensor('attention', s)], 'keras.src.ops.numpy', 'Add'),
            layer3('LayerNormalization', 'layer_normalization', [tensor('add', s)], axis=-1, epsilon=0.001, center=True,
                   scale=True, rms_scaling=False),
            layer3('GroupQueryAttention', 'groups', [tensor('layer_normalization', s)] * 2, head_dim=3, num_query_heads=2,
                   num_key_value_heads=1, use_bias=True, dropout=0.0),
            layer3('RMSNormalization', 'rms', [tensor('groups', s)], axis=-1, epsilon=1e-6),
            layer3('Multiply', 'half', [tensor('rms', s), 0.5], 'keras.src.ops.numpy', 'Multiply'),
            layer3('EinsumDense', 'einsum', [tensor('half', s)], equation='abc,cd->abd', output_shape=[None, 5], bias_axes='d',
                   activation={'module': 'keras.activations', 'class_name': 'function', 'config': 'silu',
                               'registered_name': 'silu'}),
            layer3('Mean', 'pooled', [tensor('einsum', [None, t, 5])], 'keras.src.ops.numpy', 'Mean', axis=[1], keepdims=False)],
        'input_layers': ['x', 0, 0], 'output_layers': {'pooled': ['pooled', 0, 0], 'steps': ['einsum', 0, 0]}}}
    names = ['query_dense', 'key_dense', 'value_dense', 'output_dense']
    tree = {'layers/input_layer': []}
    for where, arrays in (('multi_head_attention', att), ('grouped_query_attention', gqa)):
        tree.update({f'layers/{where}/{name}': arrays[2 * i:2 * i + 2] for i, name in enumerate(names)})
    tree.update({'layers/add': [], 'layers/layer_normalization': [gamma, beta], 'layers/rms_normalization': [rms],
                 'layers/multiply': [], 'layers/einsum_dense': [ek, eb], 'layers/mean': [], 'optimizer': [np.int64(3)]})
    archive('transformer.keras', config, tree)
    x = f64(numbers((1, t, d), 22))
    y = x + heads(x, att, True)
    y = (y - y.mean(-1, keepdims=True)) / np.sqrt(y.var(-1, keepdims=True) + 0.001) * gamma + beta
    y = heads(y, gqa, False)
    y = y / np.sqrt((y * y).mean(-1, keepdims=True) + 1e-6) * rms * 0.5
    y = y @ f64(ek) + eb
    y = y * sigmoid(y)
    expect('transformer.keras', {'x': x}, [y.mean(1), y])


def sequences3():
    """Keras 3, Sequential: kinds of convolutions along a sequence, a wrapper of two, a nested model; half precision."""
    c = [numbers((3, 2, 4), 1), numbers((4,), 2)]
    d = [numbers((2, 4, 2), 3), numbers((8,), 4)]
    s = [numbers((3, 8, 1), 5), numbers((1, 8, 3), 6), numbers((3,), 7)]
    t = [numbers((3, 2, 3), 8), numbers((2,), 9)]
    g = [[numbers(shape, seed + i) for i, shape in enumerate([(2, 6), (2, 6), (2, 6)])] for seed in (60, 70)]
    i = [numbers((4, 3), 10).astype('float16'), numbers((3,), 11).astype('float16')]
    o = [numbers((3, 2), 12), numbers((2,), 13)]
    cell = dict(units=2, activation='tanh', recurrent_activation='sigmoid', use_bias=True, reset_after=True)
    config = {'module': 'keras', 'class_name': 'Sequential', 'registered_name': None, 'config': {
        'name': 'sequential', 'trainable': True, 'dtype': POLICY, 'layers': [
            {'module': 'keras.layers', 'class_name': 'InputLayer', 'registered_name': None,
             'config': {'batch_shape': [None, 8, 2], 'dtype': 'float32', 'sparse': False, 'name': 'line'}},
            layer3('Conv1D', 'conv1d', filters=4, kernel_size=[3], strides=[1], padding='causal', dilation_rate=[1], groups=1,
                   activation='leaky_relu', use_bias=True),
            layer3('DepthwiseConv1D', 'depthwise', kernel_size=[2], strides=[1], padding='valid', dilation_rate=[1],
                   depth_multiplier=2, activation='linear', use_bias=True),
            layer3('SeparableConv1D', 'separable', filters=3, kernel_size=[3], strides=[1], padding='same', dilation_rate=[1],
                   depth_multiplier=1, activation='hard_silu', use_bias=True),
            layer3('Conv1DTranspose', 'transpose', filters=2, kernel_size=[3], strides=[2], padding='valid', dilation_rate=[1],
                   output_padding=None, activation='linear', use_bias=True),
            layer3('RandomTranslation', 'noise', height_factor=0.1, width_factor=0.1),
            layer3('Bidirectional', 'both', merge_mode='concat',
                   layer={'module': 'keras.layers', 'class_name': 'GRU', 'registered_name': None,
                          'config': {'name': 'gru', 'return_sequences': False, 'go_backwards': False, **cell}},
                   backward_layer={'module': 'keras.layers', 'class_name': 'GRU', 'registered_name': None,
                                   'config': {'name': 'back', 'return_sequences': False, 'go_backwards': True, **cell}}),
            {'module': 'keras', 'class_name': 'Sequential', 'registered_name': None, 'name': 'inner', 'config': {
                'name': 'inner', 'layers': [
                    {'module': 'keras.layers', 'class_name': 'InputLayer', 'registered_name': None,
                     'config': {'batch_shape': [None, 4], 'dtype': 'float32', 'name': 'four'}},
                    layer3('Dense', 'dense', units=3, activation='relu', use_bias=True)]}},
            layer3('Dense', 'dense', units=2, activation='softmax', use_bias=True)]}}
    archive('sequences.keras', config, {
        'layers/conv1d': c, 'layers/depthwise_conv1d': d, 'layers/separable_conv1d': s, 'layers/conv1d_transpose': t,
        'layers/random_translation': [], 'layers/random_translation/seed_generator': [np.zeros(2, 'uint32')],
        'layers/bidirectional': [], 'layers/bidirectional/forward_layer/cell': g[0],
        'layers/bidirectional/backward_layer/cell': g[1], 'layers/sequential': [], 'layers/sequential/layers/dense': i,
        'layers/dense': o}, '3.9.0')
    x = f64(numbers((1, 8, 2), 23))
    y = conv1d(x, *c, before=2)
    y = np.where(y > 0, y, 0.2 * y)
    y = depthwise1d(y, d[0]) + d[1]
    y = depthwise1d(y, s[0], 1, 1) @ f64(s[1][0]) + s[2]
    y = y * np.clip(y + 3, 0, 6) / 6
    y = transposed1d(y, *t, 2)
    y = np.concatenate([gru(y, *g[0]), gru(y, *g[1], backwards=True)], -1)
    y = relu(y @ f64(i[0]) + i[1])
    expect('sequences.keras', {'line': x}, [softmax(y @ f64(o[0]) + o[1])])


def custom3():
    """Two layers, one that is code, and one more."""
    a, m, b = [numbers((3, 4), 1), numbers((4,), 2)], [numbers((4,), 3)], [numbers((4, 2), 4), numbers((2,), 5)]
    s = [None, 4]
    config = {'module': 'keras.src.models.functional', 'class_name': 'Functional', 'registered_name': 'Functional', 'config': {
        'name': 'functional', 'layers': [
            {'module': 'keras.layers', 'class_name': 'InputLayer', 'name': 'x', 'registered_name': None, 'inbound_nodes': [],
             'config': {'batch_shape': [None, 3], 'dtype': 'float32', 'name': 'x'}},
            layer3('Dense', 'first', [tensor('x', [None, 3])], units=4, activation='relu', use_bias=True),
            layer3('Gate', 'gate', [tensor('first', s)], 'mine.layers', 'Mine>Gate', strength=2),
            layer3('Dense', 'last', [tensor('gate', s)], units=2, activation='softmax', use_bias=True)],
        'input_layers': [['x', 0, 0]], 'output_layers': [['last', 0, 0]]}}
    archive('custom.keras', config, {'layers/dense': a, 'layers/gate': m, 'layers/dense_1': b})
    x = f64(numbers((1, 3), 24))
    expect('custom.keras', {'x': x}, [relu(x @ f64(a[0]) + a[1])])
    code = {'module': 'mine', 'class_name': 'Net', 'config': {'units': 3}, 'registered_name': 'Mine>Net'}
    archive('code.keras', code, {'first': a, 'second': b})


if __name__ == '__main__':
    os.makedirs(HERE, exist_ok=True)
    for write in (functional2, sequential1, weights_only, transformer3, sequences3, custom3):
        write()
    with open(os.path.join(HERE, 'expected.json'), 'w') as out:
        json.dump(EXPECTED, out, indent='\t')
        out.write('\n')
