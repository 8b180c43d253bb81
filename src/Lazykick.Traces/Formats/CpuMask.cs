using System.Buffers.Binary;
using System.Numerics;

namespace Lazykick.Traces.Formats;

/// <summary>
/// A set of CPUs as the kernel records it: whole 64-bit little-endian words, bit n of the sequence = CPU n. Any number
/// of CPUs.
/// </summary>
public readonly ref struct CpuMask
{
    private readonly ReadOnlySpan<byte> _words;

    internal CpuMask(ReadOnlySpan<byte> words) => _words = words;

    /// <summary>Number of CPUs in the set.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var b in _words)
                count += BitOperations.PopCount(b);
            return count;
        }
    }

    /// <summary>Whether a CPU is in the set.</summary>
    public bool Contains(int cpu) =>
        cpu >= 0 && (cpu >> 3) < _words.Length && (_words[cpu >> 3] & (1 << (cpu & 7))) != 0;

    /// <summary>The CPUs, ascending.</summary>
    public Enumerator GetEnumerator() => new(_words);

    /// <summary>Walks the set bits, ascending.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ulong _word;
        private int _base;

        internal Enumerator(ReadOnlySpan<byte> words)
        {
            _rest = words;
            _base = -64;
        }

        /// <summary>The CPU at which the walk stands.</summary>
        public int Current { get; private set; }

        /// <summary>Goes on to the next CPU.</summary>
        public bool MoveNext()
        {
            while (_word == 0)
            {
                if (_rest.IsEmpty)
                    return false;
                var length = Math.Min(8, _rest.Length);
                if (length == 8)
                {
                    _word = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
                }
                else
                {
                    for (var i = 0; i < length; i++)
                        _word |= (ulong)_rest[i] << (8 * i);
                }

                _rest = _rest[length..];
                _base += 64;
            }

            Current = _base + BitOperations.TrailingZeroCount(_word);
            _word &= _word - 1;
            return true;
        }
    }
}
