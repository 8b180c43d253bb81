using System.Collections;

namespace Lazykick.Schemes.Text;

/// <summary>Collects the mistakes of one run, so that all of them are reported at once.</summary>
public sealed class DiagnosticCollection : IReadOnlyCollection<Diagnostic>
{
    /// <summary>Beyond this many, further mistakes are counted, not kept.</summary>
    public const int MaxKept = 100;

    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<(SourceText, int, string)> _seen = [];

    /// <summary>Number of mistakes kept.</summary>
    public int Count => _items.Count;

    /// <summary>No more mistakes are kept: what goes on looking for them may stop.</summary>
    public bool IsFull => _items.Count >= MaxKept;

    /// <summary>Number of mistakes beyond <see cref="MaxKept"/>.</summary>
    public int Dropped { get; private set; }

    /// <summary>Adds a mistake, once per place and code.</summary>
    public void Report(string code, SourceSpan span, string message, string? hint = null)
    {
        if (!_seen.Add((span.Source, span.Start, code)))
            return;
        if (_items.Count < MaxKept)
            _items.Add(new Diagnostic(code, span, message, hint));
        else
            Dropped++;
    }

    /// <summary>Adds to the hint of each mistake what is known of its place, if anything is.</summary>
    internal void Explain(Func<Diagnostic, string?> what)
    {
        for (var i = 0; i < _items.Count; i++)
        {
            if (what(_items[i]) is { } more)
                _items[i] = _items[i] with { Hint = _items[i].Hint is { } hint ? $"{hint}; {more}" : more };
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Diagnostic> GetEnumerator() =>
        _items.OrderBy(d => d.Span.Source.Path, StringComparer.Ordinal).ThenBy(d => d.Span.Start).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
