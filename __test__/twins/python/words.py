"""What happened, in words that both languages share. The TypeScript side is ../words.ts."""

import errno
import re

_NAMES = {
    'ValueError': 'RangeError',
    'LookupError': 'RuntimeError',
    'ExceptionGroup': 'AggregateError',
    'BrokenPipeError': 'EPIPE',
    'ConnectionResetError': 'ECONNRESET',
}


class Boom(Exception):
    """The error that scenarios raise on purpose."""


def shown(value):
    """A value as JavaScript prints it."""
    if isinstance(value, float):
        return f'{value:.6f}'.rstrip('0').rstrip('.')
    return {'None': 'null', 'True': 'true', 'False': 'false'}.get(str(value), str(value))


def word(error):
    """An error in a word."""
    if error is None:
        return 'no error'
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode[error.errno]
    name = type(error).__name__
    return _NAMES.get(name, name)


def said(error):
    """The same with its text, as far as that names no object: objects are printed as each language does."""
    text = re.sub(r'[:,]? got .*|:? <.*', '', str(error), flags=re.DOTALL)
    return f'{word(error)}: {text}' if text else word(error)


def tried(call, words=word):
    """What a call gives, or its error."""
    try:
        return shown(call())
    except BaseException as error:
        return f'raised {words(error)}'


def told(error):
    """An error in words that do not depend on the language, with those inside it."""
    if isinstance(error, BaseExceptionGroup):
        return f'AggregateError [{", ".join(map(told, error.exceptions))}]'
    ours = isinstance(error, Boom) or word(error) == 'CancelledError'
    return said(error) if ours else word(error)
