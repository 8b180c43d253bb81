namespace Lazykick.Cli.Output;

/// <summary>What a command's end means to a script; the same for all commands.</summary>
internal static class ExitStatus
{
    /// <summary>Done; what was asked holds.</summary>
    public const int Done = 0;

    /// <summary>A property is violated, or a threshold was crossed.</summary>
    public const int Violated = 1;

    /// <summary>The input or the call is wrong.</summary>
    public const int WrongInput = 2;

    /// <summary>It gave up at a limit, or was interrupted.</summary>
    public const int GaveUp = 3;

    /// <summary>A question that the input cannot answer.</summary>
    public const int CannotTell = 4;

    /// <summary>A defect of this program; EX_SOFTWARE of sysexits.h.</summary>
    public const int Defect = 70;

    /// <summary>All of them, with their meaning in words.</summary>
    public static IReadOnlyList<(int Status, string Meaning)> Meanings { get; } =
    [
        (Done, "Done; what was asked holds."),
        (Violated, "A property is violated, or a threshold was crossed."),
        (WrongInput, "The input or the call is wrong."),
        (GaveUp, "It gave up at a limit, or was interrupted; what it found until then is printed."),
        (CannotTell, "It cannot tell: the input does not show what was asked, or a promise had nothing to be seen on."),
        (Defect, "A defect of lazykick."),
    ];

    /// <summary>
    /// Of two ends the one that counts: a wrong input outweighs everything, giving up a threshold that was crossed, and
    /// that one a question that could not be answered.
    /// </summary>
    public static int Worse(int one, int other) => Weight(one) >= Weight(other) ? one : other;

    private static int Weight(int status) =>
        status switch
        {
            Done => 0,
            CannotTell => 1,
            Violated => 2,
            GaveUp => 3,
            WrongInput => 4,
            _ => 5,
        };
}
