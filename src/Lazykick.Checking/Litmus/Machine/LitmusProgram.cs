using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>A test compiled to one code array, locations by number and values as 64-bit words.</summary>
internal sealed class LitmusProgram
{
    internal required LitmusTest Test { get; init; }

    /// <summary>All columns one after the other, each closed by an exit.</summary>
    internal required LitmusInstruction[] Code { get; init; }

    internal required CodeBook Book { get; init; }

    internal required int Threads { get; init; }

    /// <summary>Where each thread begins.</summary>
    internal required int[] Entry { get; init; }

    /// <summary>Where each thread's handler begins, or -1.</summary>
    internal required int[] Handler { get; init; }

    internal required DataLocations Locate { get; init; }

    /// <summary>Names of data locations.</summary>
    internal string[] Data => Locate.Names;

    /// <summary>Code indices that have a name in the initial state, in order: they are locations, too.</summary>
    internal required int[] CodeLocations { get; init; }

    /// <summary>Labels by thread and name.</summary>
    internal required Dictionary<(int Cpu, string Label), int> Labels { get; init; }

    /// <summary>Initial registers of each thread.</summary>
    internal required Dictionary<int, long>[] InitialRegisters { get; init; }

    /// <summary>Initial values of all locations.</summary>
    internal required long[] InitialMemory { get; init; }

    /// <summary>Code addresses that an unresolved indirect branch may be predicted to go to.</summary>
    internal required int[] JumpTargets { get; init; }

    /// <summary>What is looked at in final states.</summary>
    internal required LitmusOutcome Outcome { get; init; }

    internal int Locations => Data.Length + CodeLocations.Length;

    /// <summary>The code index of an address, or -1.</summary>
    internal int CodeIndex(long address)
    {
        var offset = address - CodeAddress.Start;
        return offset >= 0 && offset % 4 == 0 && offset / 4 < Code.Length ? (int)(offset / 4) : -1;
    }

    /// <summary>The location at an address, or -1.</summary>
    internal int Location(long address)
    {
        if (Locate.At(address) is >= 0 and var location)
            return location;
        var index = CodeIndex(address);
        var code = index < 0 ? -1 : Array.BinarySearch(CodeLocations, index);
        return code < 0 ? -1 : Data.Length + code;
    }

    internal string LocationName(int location) =>
        location < Data.Length ? Data[location] : CodeName(CodeLocations[location - Data.Length]);

    internal string CodeName(int index)
    {
        foreach (var ((cpu, label), target) in Labels)
        {
            if (target == index)
                return $"P{cpu}:{label}";
        }

        return $"code+{index * 4}";
    }

    /// <summary>A value as herd prints it.</summary>
    internal string Show(long value)
    {
        var location = Location(value);
        if (location >= 0 && location < Data.Length)
            return Data[location];
        if (CodeIndex(value) is >= 0 and var index)
            return $"label:\"{CodeName(index)}\"";
        return Book.Name(value) is { } instruction
            ? $"instr:\"{instruction}\""
            : value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
