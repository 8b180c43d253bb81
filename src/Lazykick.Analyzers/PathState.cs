using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Lazykick.Analyzers;

/// <summary>One path up to some point: where what it opened last was opened, and what it has asked.</summary>
internal sealed class PathState
{
    /// <summary>The beginning of a function.</summary>
    public static readonly PathState Start = new(null, null, ImmutableSortedDictionary<string, bool>.Empty);

    private PathState(IOperation? opening, string? turn, ImmutableSortedDictionary<string, bool> answers) =>
        (Opening, Turn, Answers) = (opening, turn, answers);

    /// <summary>The call that opened what is open; null if nothing is.</summary>
    public IOperation? Opening { get; }

    /// <summary>Where the path turned away from every Dispose, for the message.</summary>
    public string? Turn { get; }

    /// <summary>The answers of the questions that are asked more than once.</summary>
    public ImmutableSortedDictionary<string, bool> Answers { get; }

    /// <summary>By which two paths that go on in the same way are told to be one.</summary>
    public string Key =>
        $"{Opening?.Syntax.SpanStart}|{string.Join("|", Answers.Select(pair => $"{pair.Key}:{pair.Value}"))}";

    public PathState With(IOperation? opening) => new(opening, null, Answers);

    public PathState Turned(string turn) => new(Opening, turn, Answers);

    public PathState Answered(string question, bool answer) =>
        new(Opening, Turn, Answers.SetItem(question, answer));

    public PathState Forget(IEnumerable<string> questions) => new(Opening, Turn, Answers.RemoveRange(questions));
}
