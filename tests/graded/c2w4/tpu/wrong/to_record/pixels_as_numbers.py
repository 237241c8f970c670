"""Stores the pixels as whole numbers of 64 bits.

Fails: test_to_record
"""


def to_record(image: np.ndarray, label: int) -> bytes:
    features = {
        "image": tf.train.Feature(int64_list=tf.train.Int64List(value=image.ravel())),
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
    }
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()
