"""Made from templates/history.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from hivecheck.report.html_compiled.runtime import Macro, Markup, Undefined, environment, escape, markup_join, missing
name = 'history.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_title = resolve('title')
    l_0_style = resolve('style')
    l_0_style_hash = resolve('style_hash')
    l_0_version = resolve('version')
    l_0_verdict = resolve('verdict')
    l_0_unread = resolve('unread')
    l_0_missed = resolve('missed')
    l_0_case = resolve('case')
    l_0_machines = resolve('machines')
    l_0_rules = resolve('rules')
    l_0_generated = resolve('generated')
    l_0_command = resolve('command')
    l_0_foot = l_0_head = l_0_say = l_0_table = missing
    pass
    included_template = environment.get_template('frame.html', 'history.html')._get_default_module(context)
    l_0_foot = getattr(included_template, 'foot', missing)
    if l_0_foot is missing:
        l_0_foot = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'history.html') does not export the requested name 'foot'", name='foot')
    l_0_head = getattr(included_template, 'head', missing)
    if l_0_head is missing:
        l_0_head = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'history.html') does not export the requested name 'head'", name='head')
    context.vars.update({'foot': l_0_foot, 'head': l_0_head})
    context.exported_vars.difference_update(('foot', 'head'))
    included_template = environment.get_template('parts.html', 'history.html')._get_default_module(context)
    l_0_say = getattr(included_template, 'say', missing)
    if l_0_say is missing:
        l_0_say = undefined(f"the template {included_template.__name__!r} (imported on line 3 in 'history.html') does not export the requested name 'say'", name='say')
    l_0_table = getattr(included_template, 'table', missing)
    if l_0_table is missing:
        l_0_table = undefined(f"the template {included_template.__name__!r} (imported on line 3 in 'history.html') does not export the requested name 'table'", name='table')
    context.vars.update({'say': l_0_say, 'table': l_0_table})
    context.exported_vars.difference_update(('say', 'table'))
    yield escape(context.call((undefined(name='head') if l_0_head is missing else l_0_head), (undefined(name='title') if l_0_title is missing else l_0_title), (undefined(name='style') if l_0_style is missing else l_0_style), (undefined(name='style_hash') if l_0_style_hash is missing else l_0_style_hash), (undefined(name='version') if l_0_version is missing else l_0_version), 'diff history'))
    yield '\n<header class="cover">\n<div class="inside">\n<p class="brand">hivecheck <span>history</span></p>\n<h1>'
    yield escape((undefined(name='title') if l_0_title is missing else l_0_title))
    yield '</h1>\n<p>'
    yield escape((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict))
    yield '</p>\n'
    for l_1_sentence in ((undefined(name='unread') if l_0_unread is missing else l_0_unread) + (undefined(name='missed') if l_0_missed is missing else l_0_missed)):
        _loop_vars = {}
        pass
        yield '<p class="caveat">'
        yield escape(l_1_sentence)
        yield '</p>\n'
    l_1_sentence = missing
    if (undefined(name='case') if l_0_case is missing else l_0_case):
        pass
        yield '<dl class="glance">\n'
        for (l_1_label, l_1_said) in (undefined(name='case') if l_0_case is missing else l_0_case):
            _loop_vars = {}
            pass
            yield '<div><dt>'
            yield escape(l_1_label)
            yield '</dt><dd>'
            yield escape(l_1_said)
            yield '</dd></div>\n'
        l_1_label = l_1_said = missing
        yield '</dl>\n'
    yield '</div>\n</header>\n<main>\n'
    for (l_1_name, l_1_because, l_1_timeline, l_1_steps, l_1_left_out) in (undefined(name='machines') if l_0_machines is missing else l_0_machines):
        _loop_vars = {}
        pass
        yield '<section>\n<h2>'
        yield escape(l_1_name)
        yield '</h2>\n<p class="caveat">One machine: '
        yield escape(l_1_because)
        yield '.</p>\n'
        yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), l_1_timeline, _loop_vars=_loop_vars))
        yield '\n'
        for l_2_sentence in l_1_left_out:
            _loop_vars = {}
            pass
            yield '<p class="caveat">Not told: '
            yield escape(l_2_sentence)
            yield '.</p>\n'
        l_2_sentence = missing
        for (l_2_id, l_2_kind, l_2_title, l_2_blocks) in l_1_steps:
            _loop_vars = {}
            pass
            yield '<article id="'
            yield escape(l_2_id)
            yield '" class="'
            yield escape(l_2_kind)
            yield '">\n<h3>'
            yield escape(l_2_title)
            yield '</h3>\n'
            for (l_3_block, l_3_it) in l_2_blocks:
                _loop_vars = {}
                pass
                if (l_3_block == 'table'):
                    pass
                    yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), l_3_it, _loop_vars=_loop_vars))
                    yield '\n'
                else:
                    pass
                    yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_3_it, _loop_vars=_loop_vars))
                    yield '\n'
            l_3_block = l_3_it = missing
            yield '</article>\n'
        l_2_id = l_2_kind = l_2_title = l_2_blocks = missing
        yield '</section>\n'
    l_1_name = l_1_because = l_1_timeline = l_1_steps = l_1_left_out = missing
    yield '</main>\n'
    yield escape(context.call((undefined(name='foot') if l_0_foot is missing else l_0_foot), (undefined(name='version') if l_0_version is missing else l_0_version), (undefined(name='rules') if l_0_rules is missing else l_0_rules), (undefined(name='generated') if l_0_generated is missing else l_0_generated), (undefined(name='command') if l_0_command is missing else l_0_command)))

blocks = {}
debug_info = '2=24&3=33&4=42&8=44&9=46&10=48&11=52&13=55&15=58&16=62&23=69&25=73&26=75&27=77&28=79&29=83&31=86&32=90&33=94&34=96&35=99&36=101&38=105&46=113'
