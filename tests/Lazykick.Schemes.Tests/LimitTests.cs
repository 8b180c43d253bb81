using System.Text;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests;

/// <summary>Files that are far too large, too deep or too long are refused with a message.</summary>
public sealed class LimitTests
{
    private const string Head = "scheme big \"too much\"\n";

    /// <summary>Every case is read on a small stack: depth is bounded by the parser, not by the thread.</summary>
    public static TheoryData<string, string?> Cases { get; } =
        new()
        {
            { Head + new string('#', SourceText.MaxLength), "LK0006" },
            { Head + Repeat(i => $"shared x{i} : bit\n", 3_000), "LK0114" },
            { Head + "path p from task\n    " + Repeat(_ => "when x: ", 50_000) + "isb\n", "LK0003" },
            { Head + "path p from task\n    " + Repeat(_ => "either: ", 50_000) + "isb\n", "LK0003" },
            { Head + Repeat(i => new string(' ', i) + "repeat:\n", 1_000), "LK0003" },
            { Head + "state eqs = " + new string('(', 200_000), "LK0007" },
            { Head + "state eqs = " + Repeat(_ => "not ", 200_000) + "on\n", "LK0007" },
            { Head + "state eqs = 1" + Repeat(_ => " + 1", 200_000) + "\n", "LK0007" },
            { Head + "state eqs = on" + Repeat(_ => " or on", 100_000) + "\n", "LK0007" },
            { Head + "state eqs = " + Repeat(_ => "x[", 200_000) + "\n", "LK0007" },
            { Head + "state eqs = " + Repeat(_ => "{", 200_000) + "\n", "LK0007" },
            { Head + Repeat(i => $"state s{i} = s{i + 1}\n", 1_500) + "state s1500 = on\n", "LK0412" },
            { Head + Repeat(i => $"routine r{i}\n    call r{i + 1}\n", 1_500) + "routine r1500\n    isb\n", "LK0412" },
            { Head + "path p from task\n" + Repeat(i => $"    x{i} := y{i}\n", 40_000), "LK0315" },
            {
                Head
                    + Repeat(i => $"shared x{i} : bit\n", 1_500)
                    + "routine r\n"
                    + Repeat(i => $"    wait y{i} = z{i}\n", 30_000),
                "LK0203"
            },
            {
                Head + "place " + new string('x', 900_000) + "\nrole r\n    starts " + new string('x', 100_000) + "y\n",
                "LK0008"
            },
            { Head + Repeat(_ => "\"", 100_001), "LK0005" },
            { Head + Repeat(_ => "$", 200_000), "LK0001" },
            { Head + "routine r\n    isb" + Repeat(_ => "; isb", 150_000) + "\n", "LK0400" },
            { Head + Routines(1900, "x") + "path p from task\n    call r0(q)\n", "LK0412" },
            { Head + Routines(60, "x + x") + "path p from task\n    call r0(q)\n", "LK0329" },
            { Head + "promises" + Repeat(_ => " S1", 200_000) + "\n", "LK0400" },
            { Repeat(_ => "\n", 1_000_000), "LK0100" },
            { Repeat(_ => "include a\n", 90_000), null },
        };

    /// <summary>Routines with a parameter, each of which calls the next one.</summary>
    private static string Routines(int count, string value) =>
        string.Concat(
            Enumerable.Range(0, count).Select(i => $"routine r{i}(x)\n    call r{i + 1}({value})\n")
        ) + $"routine r{count}(x)\n    isb\n";

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_beyond_a_limit_gets_a_message(string text, string? code)
    {
        var diagnostics = SmallStack.Load(text);
        Assert.NotEmpty(diagnostics);
        if (code is not null)
            Assert.Contains(diagnostics, d => d.Code == code);
        Assert.InRange(diagnostics.Count, 1, DiagnosticCollection.MaxKept);
        Assert.All(diagnostics, d => Assert.InRange(d.Render().Length, 10, 4_000));
    }

    [Fact]
    public void One_run_reports_every_mistake_of_a_file()
    {
        const string Text = """
            scheme many "mistakes in every block"
            knob a = maybe
            role r
                begins task
                ends task
            path p from user
                exceptoin
                when (: isb
                either:
                    isbb
                or:
                    mask Q
                eret
            polcy q
            in p after @x
            in p remove @y
                isb
            """;
        Assert.Equal([2, 4, 5, 7, 8, 10, 12, 14, 15, 16], SmallStack.Load(Text).Select(d => d.Span.Line).Distinct());
    }

    [Fact]
    public void An_expression_of_its_own_is_held_to_the_same_limits()
    {
        var diagnostics = new DiagnosticCollection();
        Assert.Null(Parser.ParseExpression(new SourceText("--fail-on", new string('(', 100_000)), diagnostics));
        Assert.Equal("LK0007", Assert.Single(diagnostics).Code);
    }

    private static string Repeat(Func<int, string> part, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append(part(i));
        return text.ToString();
    }
}
