using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Litmus;

/// <summary>Runs the tests of a command line one after the other.</summary>
internal sealed class LitmusBatch(LitmusOptions options, ILitmusReport report)
{
    /// <summary>Runs the files and returns the exit status.</summary>
    internal int Run(IEnumerable<string> files, string? kindsFile, CancellationToken cancellation)
    {
        Dictionary<string, string>? kinds = null;
        if (kindsFile is not null)
        {
            if (ReadText(kindsFile, out var text) is { } unreadable)
                return Fail(unreadable);
            kinds = ReadKinds(text);
        }

        var status = ExitStatus.Done;
        foreach (var file in files)
        {
            try
            {
                status = Worse(status, RunFile(file, kinds, cancellation));
            }
            catch (OperationCanceledException)
            {
                status = Worse(status, Fail(GaveUp(file, SearchEndText.Of(SearchEnd.Cancelled))));
                break;
            }
        }

        report.End();
        return status;
    }

    private int RunFile(string file, Dictionary<string, string>? kinds, CancellationToken cancellation)
    {
        if (ReadText(file, out var text) is { } unreadable)
            return Fail(unreadable);
        try
        {
            var result = Answer(LitmusReader.Read(text), cancellation);
            report.Answer(file, result);
            if (kinds is null || !kinds.TryGetValue(result.Test.Name, out var expected) || expected == result.Kind)
                return ExitStatus.Done;
            report.Difference(file, result, expected);
            return ExitStatus.Violated;
        }
        catch (LitmusException e)
        {
            return Fail(new(file, e.Position, e.Message, e.MissingFeature, ExitStatus.WrongInput));
        }
        catch (LitmusLimitException e)
        {
            return Fail(
                GaveUp(file, e.End is { } end ? $"{SearchEndText.Of(end)}: {e.Message}" : $"gave up: {e.Message}")
            );
        }
    }

    private LitmusResult Answer(LitmusTest test, CancellationToken cancellation)
    {
        try
        {
            return LitmusRunner.Run(test, options, cancellation);
        }
        finally
        {
            SearchProgressLine.Clear();
        }
    }

    private static LitmusFailure GaveUp(string file, string message) =>
        new(file, null, message, null, ExitStatus.GaveUp);

    private int Fail(LitmusFailure failure)
    {
        report.Failure(failure);
        return failure.ExitStatus;
    }

    // A wrong input outweighs a limit, a limit a difference.
    private static int Worse(int left, int right) =>
        left == ExitStatus.WrongInput || right == ExitStatus.WrongInput ? ExitStatus.WrongInput : Math.Max(left, right);

    private static LitmusFailure? ReadText(string file, out string text)
    {
        text = "";
        try
        {
            if (Directory.Exists(file))
                return new(file, null, "a directory, and no test", null, ExitStatus.WrongInput);
            text = File.ReadAllText(file);
            return text.Contains('\0', StringComparison.Ordinal)
                ? new(file, null, "no text file: it holds bytes that are 0", null, ExitStatus.WrongInput)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new(file, null, $"cannot be read: {e.Message}", null, ExitStatus.WrongInput);
        }
    }

    private static Dictionary<string, string> ReadKinds(string text)
    {
        var kinds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2)
            {
                kinds[words[0]] =
                    words[1] == "Forbid" ? "Forbidden"
                    : words[1] == "Allow" ? "Allowed"
                    : words[1];
            }
        }

        return kinds;
    }
}
