using System.Numerics;
using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>Where a state's numbers are in an array, and how that array is packed into words.</summary>
internal sealed class LitmusLayout
{
    internal const int MaxVersions = 7;
    private readonly List<int> _widths = [];
    private readonly LitmusProgram _program;
    private readonly int[] _windows;
    private readonly int _choiceBits;
    private readonly int _versionBits;
    private readonly int[] _threadStart;
    private readonly int[][] _registerField;
    private readonly List<bool> _slots = [];
    private readonly byte[] _packedWidths;
    private readonly bool[] _isSlot;

    internal LitmusLayout(LitmusProgram program, int window, int valueBits, bool allVersions)
    {
        _program = program;
        var analysis = new LitmusAnalysis(program);
        _windows = [.. Enumerable.Range(0, program.Threads).Select(t => Math.Min(window, analysis.LongestPath(t)))];
        ValueBits = valueBits;
        Texts = analysis.Texts;
        TextOf = Enumerable.Repeat(-1, program.Code.Length).ToArray();
        for (var i = 0; i < Texts.Length; i++)
            TextOf[Texts[i]] = i;
        VersionLimit = allVersions ? MaxVersions : Math.Max(1, analysis.VersionLimit);
        _choiceBits = analysis.HasJumps
            ? Math.Min(
                Bits(Slot.FirstTarget + Slot.MaxTargets - 1),
                Bits(Slot.FirstTarget + program.JumpTargets.Length)
            )
            : Bits(Slot.Settled);
        _versionBits = Texts.Length > 0 ? Bits(VersionLimit) : 0;
        Memory = Add(program.Locations, valueBits);
        VersionValues = Add(Texts.Length * VersionLimit, valueBits);
        Faults = Add(1, 31);
        var versions = new TextVersions(Texts.Length, program.Threads, VersionLimit, program.Test.Cache, _widths.Count);
        Add(versions.Count, Bits(VersionLimit));
        Versions = versions;
        _threadStart = new int[program.Threads];
        _registerField = new int[program.Threads][];
        for (var thread = 0; thread < program.Threads; thread++)
            AddThread(thread, analysis.WrittenRegisters(thread));
        _packedWidths = [.. _widths.Select(w => (byte)w)];
        _isSlot = [.. _slots];
        Words = (_widths.Sum() + 63) / 64;
    }

    /// <summary>Most instructions in flight on any CPU.</summary>
    internal int WindowSize => _windows.Max();

    internal int ValueBits { get; }

    /// <summary>What the search found more of than there is room for: its states are then of no use.</summary>
    internal LayoutLimit Exceeded { get; set; }

    /// <summary>Code indices that some store may write.</summary>
    internal int[] Texts { get; }

    /// <summary>For each code index its number among <see cref="Texts"/>, or -1.</summary>
    internal int[] TextOf { get; }

    internal int VersionLimit { get; }

    internal TextVersions Versions { get; }

    internal int Memory { get; }

    internal int VersionValues { get; }

    internal int Faults { get; }

    internal int Fields => _widths.Count;

    internal int Words { get; }

    /// <summary>Most instructions in flight on a CPU: no more than it can ever have.</summary>
    internal int WindowOf(int thread) => _windows[thread];

    internal int Pc(int thread) => _threadStart[thread];

    internal int Count(int thread) => _threadStart[thread] + 1;

    internal int SlotAt(int thread, int index) => _threadStart[thread] + 2 + (2 * index);

    internal int ValueAt(int thread, int index) => _threadStart[thread] + 3 + (2 * index);

    /// <summary>Where a register of a thread is kept, or -1 for one that never changes.</summary>
    internal int Register(int thread, int register) => _registerField[thread][register];

    internal void Pack(ReadOnlySpan<int> state, Span<ulong> words)
    {
        words.Clear();
        int word = 0,
            shift = 0;
        for (var i = 0; i < _packedWidths.Length; i++)
        {
            var width = _packedWidths[i];
            var value = (ulong)(uint)(_isSlot[i] ? new Slot(state[i]).Squeeze(_choiceBits, _versionBits) : state[i]);
            words[word] |= value << shift;
            shift += width;
            if (shift < 64)
                continue;
            shift -= 64;
            word++;
            if (shift > 0)
                words[word] |= value >> (width - shift);
        }
    }

    internal void Unpack(ReadOnlySpan<ulong> words, Span<int> state)
    {
        int word = 0,
            shift = 0;
        for (var i = 0; i < _packedWidths.Length; i++)
        {
            var width = _packedWidths[i];
            var value = words[word] >> shift;
            shift += width;
            if (shift >= 64)
            {
                shift -= 64;
                word++;
                if (shift > 0)
                    value |= words[word] << (width - shift);
            }

            var number = (int)(value & ((1UL << width) - 1));
            state[i] = _isSlot[i] ? Slot.Expand(number, _choiceBits, _versionBits).Bits : number;
        }
    }

    private void AddThread(int thread, SortedSet<int> registers)
    {
        var codeBits = Bits(_program.Code.Length);
        _threadStart[thread] = Add(1, codeBits);
        Add(1, Bits(_windows[thread]));
        for (var i = 0; i < _windows[thread]; i++)
        {
            Add(1, Slot.Width(_choiceBits, _versionBits, codeBits), isSlot: true);
            Add(1, ValueBits);
        }

        _registerField[thread] = Enumerable.Repeat(-1, Registers.Count).ToArray();
        foreach (var register in registers)
            _registerField[thread][register] = Add(1, ValueBits);
    }

    private int Add(int count, int width, bool isSlot = false)
    {
        var start = _widths.Count;
        _widths.AddRange(Enumerable.Repeat(width, count));
        _slots.AddRange(Enumerable.Repeat(isSlot, count));
        return start;
    }

    private static int Bits(int max) => Math.Max(1, BitOperations.Log2((uint)max) + 1);
}
