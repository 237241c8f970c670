"""Fills in an Example that is there."""


def to_record(image: np.ndarray, label: int) -> bytes:
    example = tf.train.Example()
    example.features.feature["image"].bytes_list.value.append(bytes(image.flatten()))
    example.features.feature["label"].int64_list.value.append(label)
    return example.SerializeToString()
