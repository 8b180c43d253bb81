namespace Lazykick.Schemes.Syntax;

/// <summary>The values of a variable.</summary>
public abstract record VariableType
{
    /// <summary>0 or 1.</summary>
    public static VariableType Bit { get; } = new RangeType(0, 1);
}

/// <summary>Numbers from <paramref name="Low"/> to <paramref name="High"/>.</summary>
/// <param name="Low">0 or more.</param>
/// <param name="High">At most 255.</param>
/// <param name="Wraps">Behind the highest comes the lowest: a sum or difference that begins with the variable wraps
/// round.</param>
public sealed record RangeType(int Low, int High, bool Wraps = false) : VariableType;

/// <summary>A set of CPUs.</summary>
public sealed record SetType : VariableType;

/// <summary>One of a few names.</summary>
/// <param name="Names">The names.</param>
public sealed record EnumType(IReadOnlyList<string> Names) : VariableType;

/// <summary>A spin lock: free, or held by a CPU.</summary>
public sealed record LockType : VariableType;

/// <summary>A queue: entries, the oldest first.</summary>
/// <param name="Length">How many it can hold, from 1.</param>
/// <param name="Element">What an entry is: names, or numbers.</param>
public sealed record QueueType(int Length, VariableType Element) : VariableType
{
    /// <summary>The most states of a queue; a larger one is reported.</summary>
    public const int MostStates = 65_536;

    /// <summary>How many values an entry can have.</summary>
    public int Kinds => Element is EnumType e ? e.Names.Count : Element is RangeType r ? r.High - r.Low + 1 : 1;

    /// <summary>The lowest number of an entry.</summary>
    public int Low => Element is RangeType r ? r.Low : 0;

    /// <summary>
    /// The highest number that stands for a queue: entry i is the digit i in base <see cref="Kinds"/> + 1, where 0 is
    /// no entry. 0 is the empty queue.
    /// </summary>
    public int High
    {
        get
        {
            var states = 1L;
            for (var i = 0; i < Length && states <= MostStates; i++)
                states *= Kinds + 1;
            return (int)states - 1;
        }
    }

    /// <summary>The numbers of the entries, the oldest first.</summary>
    /// <param name="value">The number that stands for the queue.</param>
    public IEnumerable<int> Entries(int value)
    {
        for (; value > 0; value /= Kinds + 1)
            yield return value % (Kinds + 1) - 1 + Low;
    }
}

/// <summary>What <c>discover</c> finds: none, device, or a message.</summary>
public sealed record IrqType : VariableType;
