"""Made from templates/frame.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from hivecheck.report.html_compiled.runtime import Macro, Markup, Undefined, environment, escape, markup_join, missing
name = 'frame.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_head = l_0_foot = missing
    pass
    def macro(l_1_title, l_1_style, l_1_style_hash, l_1_version, l_1_kind):
        t_1 = []
        if l_1_title is missing:
            l_1_title = undefined("parameter 'title' was not provided", name='title')
        if l_1_style is missing:
            l_1_style = undefined("parameter 'style' was not provided", name='style')
        if l_1_style_hash is missing:
            l_1_style_hash = undefined("parameter 'style_hash' was not provided", name='style_hash')
        if l_1_version is missing:
            l_1_version = undefined("parameter 'version' was not provided", name='version')
        if l_1_kind is missing:
            l_1_kind = undefined("parameter 'kind' was not provided", name='kind')
        pass
        t_1.extend((
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'',
            escape(l_1_style_hash),
            '\'; base-uri \'none\'; form-action \'none\'">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n<meta name="generator" content="hivecheck ',
            escape(l_1_version),
            '">\n<title>',
            escape(l_1_title),
            ' - hivecheck</title>\n<style>',
            escape(l_1_style),
            '</style>\n</head>\n<body class="',
            escape(l_1_kind),
            '">',
        ))
        return concat(t_1)
    context.exported_vars.add('head')
    context.vars['head'] = l_0_head = Macro(environment, macro, 'head', ('title', 'style', 'style_hash', 'version', 'kind'), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_version, l_1_rules, l_1_generated, l_1_command):
        t_2 = []
        if l_1_version is missing:
            l_1_version = undefined("parameter 'version' was not provided", name='version')
        if l_1_rules is missing:
            l_1_rules = undefined("parameter 'rules' was not provided", name='rules')
        if l_1_generated is missing:
            l_1_generated = undefined("parameter 'generated' was not provided", name='generated')
        if l_1_command is missing:
            l_1_command = undefined("parameter 'command' was not provided", name='command')
        pass
        t_2.extend((
            '<footer>\n<p>Made by hivecheck ',
            escape(l_1_version),
            ' (rules ',
            escape(l_1_rules),
            ') at <time>',
            escape(l_1_generated),
            '</time> (UTC). This page needs no network and holds no script.</p>\n',
        ))
        if l_1_command:
            pass
            t_2.extend((
                '<p>Command: <code>',
                escape(l_1_command),
                '</code></p>\n',
            ))
        t_2.append(
            '</footer>\n</body>\n</html>',
        )
        return concat(t_2)
    context.exported_vars.add('foot')
    context.vars['foot'] = l_0_foot = Macro(environment, macro, 'foot', ('version', 'rules', 'generated', 'command'), False, False, False, context.eval_ctx.autoescape)

blocks = {}
debug_info = '2=12&7=27&11=29&12=31&13=33&15=35&18=42&20=55&21=62&22=66'
