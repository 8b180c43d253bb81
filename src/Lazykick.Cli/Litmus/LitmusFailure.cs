using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Cli.Litmus;

/// <summary>Why a test has no answer.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Where in it, or null for the file as a whole.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="MissingFeature">What the machine does not model, or null.</param>
/// <param name="ExitStatus">2 for wrong input, 3 for a limit.</param>
internal sealed record LitmusFailure(
    string File,
    LitmusPosition? Position,
    string Message,
    string? MissingFeature,
    int ExitStatus
);
