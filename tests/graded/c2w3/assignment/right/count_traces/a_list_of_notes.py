"""Takes a note in each trace."""


def count_traces(function, calls):
    notes = []

    @tf.function
    def graph(*arguments):
        notes.append(1)
        return function(*arguments)

    [graph(*arguments) for arguments in calls]
    return sum(notes)
