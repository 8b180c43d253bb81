using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>By property: the states at which the shortest counterexamples end.</summary>
internal sealed class Witnesses
{
    // The race that is shown is the best of so many ends.
    private const int MaxStates = 1 << 16;

    private readonly List<Witness>[] _states;
    private readonly int[] _lengths;

    public Witnesses(int properties)
    {
        _states = [.. Enumerable.Range(0, properties).Select(_ => new List<Witness>())];
        _lengths = [.. Enumerable.Repeat(int.MaxValue, properties)];
    }

    /// <summary>Length of a property's shortest counterexample (M22); <see cref="int.MaxValue"/> without one.</summary>
    public int LengthOf(int property) => _lengths[property];

    /// <summary>The ends of the shortest counterexamples.</summary>
    public IReadOnlyList<Witness> Of(int property) => _states[property];

    /// <summary>A bit for each property for which a counterexample of this length is not too long.</summary>
    public uint OpenAt(int length)
    {
        uint open = 0;
        for (var property = 0; property < _lengths.Length; property++)
            open |= _lengths[property] >= length ? 1u << property : 0;
        return open;
    }

    /// <summary>Is a property violated of which the bit is set?</summary>
    public bool HasAny(uint properties)
    {
        for (var property = 0; properties != 0; property++, properties >>= 1)
        {
            if ((properties & 1) != 0 && _lengths[property] < int.MaxValue)
                return true;
        }

        return false;
    }

    /// <summary>Writes all of them.</summary>
    /// <param name="writer">Where.</param>
    /// <param name="numberOf">A number for each instruction.</param>
    public void Save(BinaryWriter writer, Func<Instruction, int> numberOf)
    {
        for (var property = 0; property < _lengths.Length; property++)
        {
            writer.Write(_lengths[property]);
            writer.Write(_states[property].Count);
            foreach (var witness in _states[property])
            {
                writer.Write(witness.State);
                writer.Write(witness.Text is null ? -1 : numberOf(witness.Text));
                writer.Write(witness.AtMove);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader, Func<int, Instruction> instruction)
    {
        for (var property = 0; property < _lengths.Length; property++)
        {
            _lengths[property] = reader.ReadInt32();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var state = reader.ReadInt32();
                var text = reader.ReadInt32() is >= 0 and var number ? instruction(number) : null;
                _states[property].Add(new Witness(state, text, reader.ReadBoolean()));
            }
        }
    }

    /// <summary>Adds an end for each property of which the bit is set.</summary>
    public void Add(uint properties, in Witness witness, int length)
    {
        for (var property = 0; properties != 0; property++, properties >>= 1)
        {
            if ((properties & 1) == 0 || length > _lengths[property])
                continue;
            if (length < _lengths[property])
                _states[property].Clear();
            _lengths[property] = length;
            if (_states[property].Count < MaxStates)
                _states[property].Add(witness);
        }
    }
}

/// <summary>The end of a counterexample.</summary>
/// <param name="State">Number of the last state, or of the one before the move that violates.</param>
/// <param name="Text">The instruction that may run old text, or null.</param>
/// <param name="AtMove">A move from the state violates.</param>
internal readonly record struct Witness(int State, Instruction? Text, bool AtMove);
