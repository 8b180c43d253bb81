namespace Lazykick.Cli.Json;

/// <summary>What the page of a check holds.</summary>
/// <param name="Checks">One for each scheme.</param>
internal sealed record CheckPageDocument(IReadOnlyList<CheckPageDocument.CheckOf> Checks)
{
    /// <summary>One scheme with its knobs.</summary>
    internal sealed record CheckOf
    {
        /// <summary>The same as <c>check --json</c> writes.</summary>
        public required CheckDocument.CheckedConfiguration Check { get; init; }

        /// <summary>The command that draws it again.</summary>
        public required string Command { get; init; }

        /// <summary>What each property says.</summary>
        public required IReadOnlyDictionary<string, string> Sentences { get; init; }

        /// <summary>The race of each violated property.</summary>
        public required IReadOnlyDictionary<string, DrawingOf> Drawings { get; init; }

        /// <summary>The scheme with other knobs.</summary>
        public CheckOf? Twin { get; init; }
    }

    /// <summary>How a race is told.</summary>
    internal sealed record DrawingOf
    {
        /// <summary>In columns, for a mail.</summary>
        public required string Text { get; init; }

        /// <summary>What is said of its last move.</summary>
        public required string Violation { get; init; }

        /// <summary>The rows that a reader needs.</summary>
        public required IReadOnlyList<RowOf> Rows { get; init; }

        /// <summary>Before the first move and after each: by CPU, whether it is in the EQS.</summary>
        public required IReadOnlyList<IReadOnlyList<bool>> Eqs { get; init; }
    }

    /// <summary>A row.</summary>
    /// <param name="Move">The move that it tells, or null: where a CPU is at the end.</param>
    /// <param name="Cpu">Whose.</param>
    /// <param name="Text">What happens.</param>
    /// <param name="Remark">Why it matters, or null.</param>
    /// <param name="File">Where it is written.</param>
    /// <param name="Line">In which line.</param>
    internal sealed record RowOf(int? Move, int Cpu, string Text, string? Remark, string File, int Line);
}
