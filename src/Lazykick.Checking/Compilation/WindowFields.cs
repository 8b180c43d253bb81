using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Compilation;

/// <summary>
/// The fields of one CPU's window: for each slot, oldest first, which move was issued and how far it has come.
/// </summary>
internal sealed class WindowFields
{
    public WindowFields(SystemFields system, int cpu, int slots, int moves, int marks, bool writesText)
    {
        var layout = system.Layout;
        var largestValue = system.Memory.Select(f => f.High).DefaultIfEmpty(0).Max();
        Slots = slots;
        Code = new Field[slots];
        Read = new Field[slots];
        Written = new Field[slots];
        Progress = new Field[slots];
        Overwritten = new Field[slots];
        Violated = new Field[slots];
        Announced = new Field[slots];
        for (var slot = 0; slot < slots; slot++)
        {
            Code[slot] = layout.Add($"window {slot}[{cpu}]", 0, moves);
            Read[slot] = layout.Add($"window {slot} reads[{cpu}]", 0, largestValue);
            Written[slot] = layout.Add($"window {slot} writes[{cpu}]", 0, largestValue);
            Progress[slot] = layout.Add(
                $"window {slot} progress[{cpu}]",
                0,
                (int)Lazykick.Checking.Memory.Progress.Done
            );
            Overwritten[slot] = layout.Add($"window {slot} overwritten[{cpu}]", 0, 1);
            Violated[slot] = layout.Add($"window {slot} violates[{cpu}]", 0, marks);
            Announced[slot] = layout.Add($"window {slot} announced[{cpu}]", 0, writesText ? (int)Announcement.Made : 0);
        }
    }

    /// <summary>Steps in flight, at most. An assumption of every verdict, and printed with it.</summary>
    public int Slots { get; }

    /// <summary>Index of the move among the CPU's windowed moves, from 1; 0: the slot is empty.</summary>
    public Field[] Code { get; }

    /// <summary>The value that the read is to return: guessed at issue, and the read waits for it.</summary>
    public Field[] Read { get; }

    /// <summary>The value that the write makes visible.</summary>
    public Field[] Written { get; }

    public Field[] Progress { get; }

    public Field[] Overwritten { get; }

    /// <summary>Every field of the window.</summary>
    public IEnumerable<Field> All =>
        [.. Code, .. Read, .. Written, .. Progress, .. Overwritten, .. Violated, .. Announced];

    /// <summary>What the access violates if it turns out to count, as <see cref="AccessMarks"/>.</summary>
    public Field[] Violated { get; }

    /// <summary>
    /// How far a change of text or of a translation is known to happen (W12), as <see cref="Announcement"/>.
    /// </summary>
    public Field[] Announced { get; }
}

/// <summary>Rule W12: what CPUs may still run or use is marked when it is certain that it will change.</summary>
internal enum Announcement
{
    /// <summary>The change depends on a branch that is not settled, or there is none in the slot.</summary>
    None,

    /// <summary>
    /// As before, and a kick of its CPU that comes after it in program order has returned: the return vouches for it.
    /// </summary>
    VouchedFor,

    /// <summary>The marks are set.</summary>
    Made,
}
