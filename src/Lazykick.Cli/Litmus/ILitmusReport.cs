using Lazykick.Checking.Litmus.Answers;

namespace Lazykick.Cli.Litmus;

/// <summary>Where the answers of a run go.</summary>
internal interface ILitmusReport
{
    /// <summary>A test was answered.</summary>
    void Answer(string file, LitmusResult result);

    /// <summary>A test was not answered.</summary>
    void Failure(LitmusFailure failure);

    /// <summary>A test was answered differently than a list of kinds says.</summary>
    void Difference(string file, LitmusResult result, string expected);

    /// <summary>All tests are done.</summary>
    void End();
}
